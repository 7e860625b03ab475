// Writes what cel_test.py runs from the official CEL conformance suite (npm @bufbuild/cel-spec): the
// cases within the subset of the scenario language, cel_cases.jsonl, and what is left out and why,
// left_out.txt. README.md says how to install the suite.
//
//     node tests/conformance/cel.mjs NODE_MODULES [FOLDER]
//
// FOLDER is where the files go, this one if it is not given. Exits 2 if something is missing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [modules, folder = here] = process.argv.slice(2);
const spec = modules && resolve(modules, '@bufbuild/cel-spec');
if (!spec || !existsSync(spec)) {
  console.error('usage: node cel.mjs NODE_MODULES [FOLDER], with @bufbuild/cel-spec installed');
  process.exit(2);
}
const { version, upstreamCelSpecRef } = JSON.parse(readFileSync(join(spec, 'package.json'), 'utf8'));
const data = pathToFileURL(join(spec, 'dist/esm/testdata/tests.js')).href;
const { getConformanceSuite } = await import(data);

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

function request(test, path, file) {
  const other = otherFiles.get(file);
  if (other) throw new LeftOut(other);
  if (unknownNames.test(path)) throw new LeftOut('a name nobody knows to be absorbed while evaluating');
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
  const ends = result === undefined ? '"error":true' : `"value":${text(result)}`;
  return `{"name":${JSON.stringify(path)},"expr":${JSON.stringify(test.expr)},` +
    `"with":${text(bindings)},"check":${!test.disableCheck},${ends}}`;
}

const cases = [];
const leftOut = new Map();  // reason -> file of the suite -> how many
function leave(reason, file) {
  if (!leftOut.has(reason)) leftOut.set(reason, new Map());
  const files = leftOut.get(reason);
  files.set(file, (files.get(file) ?? 0) + 1);
}

function walk(suite, path, file) {
  for (const { original } of suite.tests ?? []) {
    try {
      cases.push(request(original, `${path}/${original.name}`, file));
    } catch (problem) {
      if (!(problem instanceof LeftOut)) throw problem;
      leave(problem.message, file);
    }
  }
  for (const inner of suite.suites ?? []) {
    walk(inner, path ? `${path}/${inner.name}` : inner.name, file ?? inner.name);
  }
}
walk(getConformanceSuite(), '', undefined);

const total = (files) => [...files.values()].reduce((sum, count) => sum + count, 0);
const reasons = [...leftOut].sort((a, b) => total(b[1]) - total(a[1]) || (a[0] < b[0] ? -1 : 1));
const out = reasons.reduce((sum, [, files]) => sum + total(files), 0);
let report = `CEL conformance suite ${upstreamCelSpecRef}, as of @bufbuild/cel-spec ${version}
${cases.length} cases run, ${out} left out, because they need:
`;
for (const [reason, files] of reasons) {
  report += `\n${String(total(files)).padStart(6)}  ${reason}\n`;
  for (const [file, count] of [...files].sort()) report += `        ${count} of ${file}\n`;
}
writeFileSync(join(folder, 'cel_cases.jsonl'), cases.map((line) => line + '\n').join(''));
writeFileSync(join(folder, 'left_out.txt'), report);
