// Runs the official CEL conformance suite (npm @bufbuild/cel-spec) through `sagalab eval --batch`.
//
//     npm install --ignore-scripts @bufbuild/cel-spec @bufbuild/cel
//     node tests/conformance/cel.mjs build/sagalab node_modules
//
// Cases outside the subset of the scenario language are left out, counted by reason. Exits 1 if a
// case that is in it has another result than the suite wants, 2 if something is missing.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [binary, modules] = process.argv.slice(2);
if (!binary || !modules) {
  console.error('usage: node cel.mjs SAGALAB NODE_MODULES');
  process.exit(2);
}
const data = resolve(modules, '@bufbuild/cel-spec/dist/esm/testdata/tests.js');
const { getConformanceSuite } = await import(pathToFileURL(data).href);

// Files of the suite that are about something the subset does not have.
const otherFiles = new Map(Object.entries({
  bindings_ext: 'extension', block_ext: 'extension', encoders_ext: 'extension',
  math_ext: 'extension', network_ext: 'extension', proto2_ext: 'extension',
  string_ext: 'extension', optionals: 'optional values', type_deduction: 'type checker output',
  dynamic: 'protobuf message', enums: 'protobuf message', proto2: 'protobuf message',
  proto3: 'protobuf message', wrappers: 'protobuf message', unknowns: 'unknown values',
  fp_math: 'double', namespace: 'namespace',
}));

// What may not stand in an expression, its strings taken out.
const otherSyntax = [
  [/\b\d+\.\d|\B\.\d|\b\d+[eE][-+]?\d|\bdouble\b/, 'double'],
  [/\b(0x[0-9a-fA-F]+|\d+)[uU]\b|\buint\b/, 'unsigned integer'],
  [/\b([bB][rR]?|[rR][bB])(?=§)|\bbytes\b/, 'bytes'],
  [/\btimestamp\b/, 'timestamp'],
  [/\btype\b|\b(int|bool|string|list|map|null_type)\b(?!\s*[(:])/, 'type value'],
  [/\bmatches\b/, 'regular expression'],
  [/\bget(FullYear|Hours|Minutes|Seconds|Milliseconds)\b/, 'part of a duration'],
  [/\b(google|cel)\.|\bTestAllTypes\b|\b[A-Z]\w*\s*\{/, 'protobuf message'],
  [/[.[{]\?/, 'optional values'],
  [/(^|[^\w\])])\.[A-Za-z]|\b(cel|math|strings|base64|ip|cidr|optional)\./, 'namespace'],
  [/[{,]\s*(-?\d+|true|false|null|int\(\d+\)|dyn\(\d+\))\s*:/, 'map key that is no string'],
];

// Cases where a name that nobody knows is to be absorbed while evaluating.
const unknownNames = /unbound_is_runtime_error|receiver_function_names/;

// The expression with every string as § and no comments.
function skeleton(text) {
  return text.replace(
    /\/\/[^\n]*|([rR]?)('''[^]*?'''|"""[^]*?""")|[rR]('[^']*'|"[^"]*")|'(\\[^]|[^'\\])*'|"(\\[^]|[^"\\])*"/g,
    (match) => (match.startsWith('//') ? ' ' : '§'));
}

class LeftOut extends Error {}

// A value of the suite as the JSON that we print, keys sorted as we sort them.
function json(value) {
  const { case: kind, value: inner } = value.kind;
  switch (kind) {
    case 'nullValue': return null;
    case 'boolValue':
    case 'stringValue': return inner;
    case 'int64Value': return inner;
    case 'listValue': return inner.values.map(json);
    case 'mapValue': {
      const entries = inner.entries.map(({ key, value: entry }) => {
        if (key.kind.case !== 'stringValue') throw new LeftOut('map key that is no string');
        return [key.kind.value, json(entry)];
      });
      return Object.fromEntries(entries);
    }
    case 'doubleValue': throw new LeftOut('double');
    case 'uint64Value': throw new LeftOut('unsigned integer');
    case 'bytesValue': throw new LeftOut('bytes');
    case 'typeValue': throw new LeftOut('type value');
    default: {
      const type = inner?.typeUrl ?? inner?.$typeName ?? '';
      if (type.endsWith('google.protobuf.Duration')) return duration(inner);
      throw new LeftOut('protobuf message');
    }
  }
}

// The text of a google.protobuf.Duration in its wire format: field 1 seconds, field 2 nanoseconds.
function duration({ value: bytes }) {
  const fields = { 1: 0n, 2: 0n };
  for (let at = 0; at < bytes.length;) {
    const field = bytes[at++] >> 3;
    let number = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++]);
      number |= (byte & 127n) << shift;
      if (byte < 128n) break;
    }
    fields[field] = BigInt.asIntN(64, number);
  }
  const total = fields[1] * 1000000000n + fields[2];
  const size = total < 0n ? -total : total;
  const decimals = String(size % 1000000000n).padStart(9, '0').replace(/0+$/, '');
  return `${total < 0n ? '-' : ''}${size / 1000000000n}${decimals ? '.' + decimals : ''}s`;
}

// JSON text in one form: integers of any size, keys sorted.
function text(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (value && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${text(value[k])}`)}}`;
  }
  return JSON.stringify(value);
}

// JSON as we print it, integers kept whole.
function read(line) {
  const marked = line.replace(/"(\\.|[^"\\])*"|-?\d+/g, (m) => (m[0] === '"' ? m : `{"§":"${m}"}`));
  return JSON.parse(marked, (_, v) => (v && v['§'] !== undefined ? BigInt(v['§']) : v));
}

function request(test, path, file) {
  const other = otherFiles.get(file);
  if (other) throw new LeftOut(other);
  if (unknownNames.test(path)) throw new LeftOut('unknown name, which is refused before the run');
  const bare = skeleton(test.expr);
  for (const [pattern, reason] of otherSyntax) {
    if (pattern.test(bare)) throw new LeftOut(reason);
  }
  if (test.checkOnly) throw new LeftOut('type checker output');
  if (test.disableMacros) throw new LeftOut('macros switched off');
  if (test.container) throw new LeftOut('namespace');
  const bindings = {};
  for (const [name, bound] of Object.entries(test.bindings)) {
    if (name.includes('.')) throw new LeftOut('namespace');
    if (bound.kind.case !== 'value') throw new LeftOut('unknown values');
    bindings[name] = json(bound.kind.value);
  }
  for (const declared of test.typeEnv) {
    if (declared.declKind?.case === 'function') throw new LeftOut('declared function');
    if (declared.name.includes('.')) throw new LeftOut('namespace');
  }
  const { case: wanted, value } = test.resultMatcher;
  if (wanted === 'unknown' || wanted === 'anyEvalErrors') throw new LeftOut('unknown values');
  const result = wanted === undefined ? true : wanted === 'value' ? json(value)
    : wanted === 'typedResult' ? json(value.result) : undefined;
  const line = `{"expr":${JSON.stringify(test.expr)},"with":${text(bindings)},` +
    `"check":${!test.disableCheck}}`;
  return { line, wanted: result === undefined ? 'error' : text(result) };
}

const leftOut = new Map();
const cases = [];
function walk(suite, path, file) {
  for (const { original } of suite.tests ?? []) {
    try {
      cases.push({ ...request(original, `${path}/${original.name}`, file), name: `${path}/${original.name}`,
                   expr: original.expr });
    } catch (problem) {
      if (!(problem instanceof LeftOut)) throw problem;
      leftOut.set(problem.message, (leftOut.get(problem.message) ?? 0) + 1);
    }
  }
  for (const inner of suite.suites ?? []) {
    walk(inner, path ? `${path}/${inner.name}` : inner.name, file ?? inner.name);
  }
}
walk(getConformanceSuite(), '', undefined);

const run = spawnSync(binary, ['eval', '--batch'], {
  input: cases.map((one) => one.line).join('\n') + '\n', encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const lines = (run.stdout ?? '').split('\n').filter(Boolean);
if (lines.length !== cases.length) {
  console.error(`${binary}: ${lines.length} answers to ${cases.length} expressions`);
  console.error(run.error?.message ?? run.stderr);
  process.exit(2);
}
let wrong = 0;
cases.forEach((one, i) => {
  const answer = read(lines[i]);
  const found = 'error' in answer ? 'error' : text(answer.value);
  if (found === one.wanted) return;
  ++wrong;
  console.log(`${one.name}: ${one.expr}\n    wanted ${one.wanted}, found ${lines[i]}`);
});
console.log(`${cases.length} cases of the CEL conformance suite, ${wrong} wrong`);
console.log('left out:');
for (const [reason, count] of [...leftOut].sort((a, b) => b[1] - a[1])) {
  console.log(`${String(count).padStart(6)}  ${reason}`);
}
process.exit(wrong ? 1 : 0);
