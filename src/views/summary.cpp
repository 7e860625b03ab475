#include "views/summary.h"

#include <algorithm>

#include "base/text.h"
#include "program/eval.h"
#include "views/layout.h"

namespace sagalab::views {
namespace {

using drivers::Ending;
using drivers::RunResult;
using expect::Verdict;

bool as_meant(const Verdict& verdict) {
    if (verdict.kind == expect::Kind::sometimes && !verdict.meant_to_break) return true;
    return verdict.holds != verdict.meant_to_break;
}

struct Mark {
    std::string_view text;
    Tone tone;
};

Mark mark_of(const Verdict& verdict) {
    if (verdict.meant_to_break) {
        return verdict.holds ? Mark{"BROKE", Tone::bad} : Mark{"breaks", Tone::good};
    }
    if (verdict.holds) {
        return verdict.vacuous ? Mark{"warn", Tone::warning} : Mark{"ok", Tone::good};
    }
    if (verdict.kind == expect::Kind::sometimes) return {"not yet", Tone::warning};
    return {"BROKE", Tone::bad};
}

std::string_view remark_of(const Verdict& verdict) {
    if (verdict.meant_to_break) {
        return verdict.holds ? " (it holds, and was meant to break)" : " (as meant)";
    }
    if (verdict.holds && verdict.vacuous) return " (there was nothing to look at)";
    if (!verdict.holds && verdict.kind == expect::Kind::sometimes) return " (not in this case)";
    return "";
}

std::string kind_of(const Verdict& verdict) {
    if (verdict.kind == expect::Kind::fault_fired) return "fault";
    return expect::kind_name(verdict.kind);
}

// What stands beside the kind: names of some kinds begin with it, and one is nothing else.
std::string title_of(const Verdict& verdict) {
    std::string name = printable(verdict.name);
    bool named_by_kind = verdict.kind == expect::Kind::replies ||
                         verdict.kind == expect::Kind::counts ||
                         verdict.kind == expect::Kind::sequence;
    std::string kind = kind_of(verdict);
    if (!named_by_kind || !name.starts_with(kind)) return name;
    name.erase(0, kind.size());
    if (name.starts_with(' ')) name.erase(0, 1);
    return name;
}

class Lines {
public:
    Lines(const program::Program& program, const TextOptions& options)
        : program_(program), options_(options), paint_(options.color) {}

    void verdict(const Verdict& verdict) {
        Mark mark = mark_of(verdict);
        std::string title = title_of(verdict);
        std::string kind = title.empty() ? kind_of(verdict) : pad_right(kind_of(verdict), 9) + "  ";
        out_ += "  " + paint_(mark.tone, pad_right(mark.text, 7)) + "  " + paint_(Tone::dim, kind) +
                title + paint_(Tone::dim, remark_of(verdict)) + "\n";
        if (!verdict.holds && !(verdict.kind == expect::Kind::sometimes)) why(verdict);
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void indented(const std::string& text, Tone tone) {
        constexpr std::size_t indent = 22;
        std::vector<std::string> shown{printable(text)};
        if (!options_.verbose && options_.width > indent + 10) {
            shown = fold(shown[0], options_.width - indent);
        }
        for (const std::string& line : shown) {
            out_ += std::string(indent, ' ') + paint_(tone, line) + "\n";
        }
    }

    void why(const Verdict& verdict) {
        for (const std::string& reason : verdict.reasons) indented(reason, Tone::plain);
        if (!verdict.broken_by.empty()) {
            std::string at = verdict.at == never ? "" : " at " + format_time(verdict.at);
            indented("broken by " + verdict.broken_by + at, Tone::warning);
        }
        if (verdict.source && !as_meant(verdict)) {
            indented(program_.place(verdict.source), Tone::dim);
        }
    }

    const program::Program& program_;
    const TextOptions& options_;
    Paint paint_;
    std::string out_;
};

// Expectations proper: that faults fired and asserts held is not one of them.
bool is_expectation(const Verdict& verdict) {
    return verdict.kind != expect::Kind::fault_fired && verdict.kind != expect::Kind::assertion;
}

struct Tally {
    std::size_t total = 0;
    std::size_t good = 0;    // hold, or break as meant
    std::size_t meant = 0;   // those that break as meant
    std::size_t silent = 0;  // faults that never fired
};

Tally tally_of(const RunResult& result) {
    Tally tally;
    for (const Verdict& verdict : result.verdicts) {
        if (verdict.kind == expect::Kind::fault_fired && !verdict.holds) ++tally.silent;
        if (!is_expectation(verdict)) continue;
        ++tally.total;
        if (!as_meant(verdict)) continue;
        ++tally.good;
        if (verdict.meant_to_break) ++tally.meant;
    }
    return tally;
}

// Both numbers are of what is as it should be, so a broken run says that it counts those.
std::string what_holds(const Tally& tally, bool holds) {
    std::string out = holds ? "holds" : "broken";
    if (tally.total > 0) {
        out += ": " + std::to_string(tally.good) + " of " + counted(tally.total, "expectation");
        if (!holds) out += tally.total == 1 ? " holds" : " hold";
        if (tally.meant > 0) out += ", " + std::to_string(tally.meant) + " broken as meant";
    } else if (holds) {
        out += ": a demonstration, nothing is expected";
    }
    if (tally.silent == 0) return out;
    return out + (tally.total > 0 ? ", " : ": ") + counted(tally.silent, "fault") + " never fired";
}

std::string how_it_ended(const RunResult& result) {
    switch (result.ending) {
        case Ending::quiescent: break;
        case Ending::limit: return "stopped at a limit: " + printable(result.message);
        case Ending::assertion:
            return "broken: an assertion failed" +
                   (result.message.empty() ? "" : ": " + printable(result.message));
        case Ending::interrupted: return "interrupted, the report so far";
    }
    return what_holds(tally_of(result), status_of(result) == Status::holds);
}

}  // namespace

std::string_view status_name(Status status) {
    switch (status) {
        case Status::holds: return "holds";
        case Status::broken: return "broken";
        case Status::limit: return "limit";
        case Status::interrupted: break;
    }
    return "interrupted";
}

Status status_of(const RunResult& result) {
    switch (result.ending) {
        case Ending::quiescent: break;
        case Ending::limit: return Status::limit;
        case Ending::assertion: return Status::broken;
        case Ending::interrupted: return Status::interrupted;
    }
    bool good = std::all_of(result.verdicts.begin(), result.verdicts.end(), as_meant);
    return good ? Status::holds : Status::broken;
}

std::string reproduce_command(const program::Program& program, const Reproduction& from) {
    std::string out = "sagalab run ";
    out += !from.file.empty() && from.file[0] == '-' && from.file.size() > 1
               ? shell_quote("./" + from.file)
               : shell_quote(from.file);
    if (program.case_name != program.title) out += " --case " + shell_quote(program.case_name);
    for (const auto& [name, value] : from.set) {
        std::string setting = name;
        setting.append("=").append(value);
        out.append(" --set ").append(shell_quote(setting));
    }
    if (!from.preset.empty()) out += " --preset " + shell_quote(from.preset);
    if (from.loose) out += " --loose";
    return out + " --seed " + std::to_string(program.seed) + (program.random ? " --random" : "");
}

std::string expectation_lines(const program::Program& program, const RunResult& result,
                              const TextOptions& options) {
    Lines lines(program, options);
    for (const Verdict& verdict : result.verdicts) {
        if (is_expectation(verdict) || !verdict.holds) lines.verdict(verdict);
    }
    std::string body = lines.take();
    if (body.empty()) return "";
    return "\n" + Paint(options.color)(Tone::title, "Expectations") + "\n" + body;
}

std::string trouble_lines(const program::Program& program, const RunResult& result,
                          const TextOptions& options) {
    Lines lines(program, options);
    for (const Verdict& verdict : result.verdicts) {
        if (!as_meant(verdict) || (verdict.vacuous && verdict.holds)) lines.verdict(verdict);
    }
    return lines.take();
}

std::string verdict_line(const RunResult& result, const TextOptions& options,
                         std::size_t dead_letters) {
    Status status = status_of(result);
    Tone tone = status == Status::holds    ? Tone::good
                : status == Status::broken ? Tone::bad
                                           : Tone::warning;
    return Paint(options.color)(tone, how_it_ended(result)) + ", " +
           counted(result.events, "event") + ", " + format_time(result.virtual_time) +
           " of virtual time" +
           (dead_letters > 0 ? ", " + counted(dead_letters, "dead letter") : "");
}

std::string warning_lines(const program::Program& program, const RunResult& result,
                          const TextOptions& options) {
    auto asks = [&](const program::Claim& claim) {
        return program::reads_slot(program[claim.expression],
                                   static_cast<std::uint32_t>(program::ExpectSlot::dead_letters));
    };
    const auto& finally = program.expect.finally;
    const auto& sometimes = program.expect.sometimes;
    bool asked = std::any_of(finally.begin(), finally.end(), asks) ||
                 std::any_of(sometimes.begin(), sometimes.end(), asks);
    const std::string warning = Paint(options.color)(Tone::warning, "warning:") + " ";
    std::string text;
    if (result.dead_letters != 0 && !asked) {
        text += warning + counted(result.dead_letters, "dead letter") +
                ", and no expectation reads deadLetters\n";
    }
    for (const std::string& pin : result.skipped) text += warning + printable(pin) + "\n";
    return text;
}

std::vector<std::string> unmet_sometimes(const std::vector<RunResult>& results) {
    std::vector<std::string> asked;
    std::vector<std::string> met;
    for (const RunResult& result : results) {
        for (const Verdict& verdict : result.verdicts) {
            if (verdict.kind != expect::Kind::sometimes || verdict.meant_to_break) continue;
            asked.push_back(verdict.name);
            if (verdict.holds) met.push_back(verdict.name);
        }
    }
    std::vector<std::string> unmet;
    for (const std::string& name : asked) {
        bool known = std::find(met.begin(), met.end(), name) != met.end() ||
                     std::find(unmet.begin(), unmet.end(), name) != unmet.end();
        if (!known) unmet.push_back(name);
    }
    return unmet;
}

std::vector<Verdict> untested_claims(const std::vector<RunResult>& results) {
    std::vector<Verdict> asked;
    std::vector<Verdict> met;
    auto same = [](const Verdict& one) {
        return [&one](const Verdict& other) {
            return one.kind == other.kind && one.name == other.name && one.premise == other.premise;
        };
    };
    for (const RunResult& result : results) {
        for (const Verdict& verdict : result.verdicts) {
            if (verdict.premise.empty() || verdict.kind == expect::Kind::sometimes) continue;
            if (verdict.premise_met) {
                met.push_back(verdict);
            } else if (!verdict.vacuous && std::ranges::none_of(asked, same(verdict))) {
                asked.push_back(verdict);
            }
        }
    }
    std::erase_if(asked, [&](const Verdict& one) { return std::ranges::any_of(met, same(one)); });
    return asked;
}

}  // namespace sagalab::views
