#include "cli/arguments.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>

#include "base/text.h"
#include "cli/errors.h"

namespace sagalab::cli {
namespace {

namespace po = boost::program_options;

std::string quoted(std::string_view text) { return "\"" + printable(text) + "\""; }

std::vector<const Option*> options_of(const Command& command) {
    std::vector<const Option*> all;
    for (const Option& option : command.options) all.push_back(&option);
    for (const Option& option : common_options()) all.push_back(&option);
    return all;
}

po::options_description describe(const std::vector<const Option*>& options) {
    po::options_description description;
    for (const Option* option : options) {
        std::string names(option->name);
        if (option->letter != 0) names += std::string(",") + option->letter;
        if (option->argument.empty()) {
            description.add_options()(names.c_str(), "");
        } else {
            description.add_options()(names.c_str(), po::value<std::string>(), "");
        }
    }
    return description;
}

[[noreturn]] void unknown_option(const std::string& name, const std::vector<const Option*>& all,
                                 const Command& command) {
    std::vector<std::string> names;
    for (const Option* option : all) names.push_back("--" + std::string(option->name));
    std::string hint = suggestion(name, names);
    if (hint.empty() && command.words == Words::expression) {
        hint = " (use -- before an expression that begins with a minus)";
    }
    throw UsageError("unknown option " + quoted(name) + hint);
}

[[noreturn]] void wrong_syntax(const po::invalid_command_line_syntax& error) {
    std::string option = error.get_option_name();
    if (option.empty()) option = error.tokens();
    switch (error.kind()) {
        case po::invalid_syntax::missing_parameter:
        case po::invalid_syntax::empty_adjacent_parameter:
            throw UsageError("option " + quoted(option) + " needs a value");
        case po::invalid_syntax::extra_parameter:
            throw UsageError("option " + quoted(option) + " takes no value");
        default: break;
    }
    throw UsageError("cannot read option " + quoted(option));
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        std::size_t space = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return words;
}

void check_choice(const Option& option, const std::string& value) {
    if (option.choices.empty()) return;
    std::vector<std::string> choices = split(option.choices);
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    std::string list;
    for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
    throw UsageError("--" + std::string(option.name) + " takes one of " + list + ", not " +
                     quoted(value) + suggestion(value, choices));
}

// `-o --threads 2`: the value was forgotten, and the next option would be taken for it.
void check_not_an_option(const po::option& part, const std::vector<const Option*>& all) {
    if (part.original_tokens.size() < 2) return;
    const std::string& value = part.original_tokens[1];
    for (const Option* option : all) {
        bool is_long = value == "--" + std::string(option->name);
        bool is_short = option->letter != 0 && value == std::string("-") + option->letter;
        if (is_long || is_short) {
            throw UsageError("option " + quoted(part.original_tokens[0]) + " needs a value");
        }
    }
}

po::parsed_options split_words(const po::options_description& description,
                               const std::vector<std::string>& words,
                               const std::vector<const Option*>& all, const Command& command) {
    int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    try {
        return po::command_line_parser(words).options(description).style(style).run();
    } catch (const po::unknown_option& error) {
        unknown_option(error.get_option_name(), all, command);
    } catch (const po::invalid_command_line_syntax& error) {
        wrong_syntax(error);
    } catch (const po::error&) {
        throw UsageError("cannot read the options");
    }
}

}  // namespace

void Arguments::add(std::string name, std::string value, std::string written) {
    given_.push_back({std::move(name), std::move(value), std::move(written)});
}

bool Arguments::has(std::string_view name) const { return value(name).has_value(); }

std::optional<std::string> Arguments::value(std::string_view name) const {
    std::optional<std::string> last;
    for (const Given& given : given_) {
        if (given.name == name) last = given.value;
    }
    return last;
}

std::vector<std::string> Arguments::values(std::string_view name) const {
    std::vector<std::string> all;
    for (const Given& given : given_) {
        if (given.name == name) all.push_back(given.value);
    }
    return all;
}

bool Arguments::is_long(std::string_view name) const {
    return std::any_of(given_.begin(), given_.end(), [&](const Given& given) {
        return given.name == name && given.written.starts_with("--");
    });
}

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
    std::vector<const Option*> all = options_of(command);
    po::options_description description = describe(all);
    Arguments arguments;
    for (const po::option& part : split_words(description, words, all, command).options) {
        bool nameless = part.string_key.empty() && !part.original_tokens.empty() &&
                        !part.value.empty() && part.original_tokens.front() != part.value.front();
        if (nameless) {  // --=value
            throw UsageError("cannot read option " + quoted(part.original_tokens.front()));
        }
        if (part.string_key.empty()) {
            for (const std::string& word : part.value) arguments.add_word(word);
            continue;
        }
        auto found = std::find_if(all.begin(), all.end(), [&](const Option* option) {
            return option->name == part.string_key;
        });
        if (found == all.end()) unknown_option("--" + part.string_key, all, command);
        std::string value = part.value.empty() ? "" : part.value.front();
        check_choice(**found, part.value.empty() ? std::string((*found)->choices) : value);
        check_not_an_option(part, all);
        std::string written = part.original_tokens.empty() ? "" : part.original_tokens.front();
        arguments.add(part.string_key, std::move(value), std::move(written));
    }
    return arguments;
}

std::uint64_t to_integer(std::string_view option, std::string_view text, std::uint64_t low,
                         std::uint64_t high) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end || number < low || number > high) {
        throw UsageError(std::string(option) + " takes an integer from " + std::to_string(low) +
                         " to " + std::to_string(high) + ", not " + quoted(text));
    }
    return number;
}

std::pair<std::string, std::string> to_setting(std::string_view option, std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw UsageError(std::string(option) + " takes NAME=VALUE, not " + quoted(text));
    }
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
    auto near = nearest(name, candidates);
    std::vector<std::string> longer;
    for (const std::string& candidate : candidates) {
        if (candidate.starts_with(name)) longer.push_back(candidate);
    }
    if (!near && longer.size() == 1) near = longer[0];
    return near ? " (did you mean " + quoted(*near) + "?)" : "";
}

}  // namespace sagalab::cli
