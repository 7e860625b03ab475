#include "views/text.h"

#include <algorithm>

#include "base/text.h"
#include "views/layout.h"
#include "views/stores.h"

namespace sagalab::views {
namespace {

using trace::Record;
using trace::RecordKind;

constexpr std::size_t buffer_max = 32'768;
constexpr std::size_t gap = 2;

// Whole milliseconds are short; drawn latencies are not.
std::size_t width_of_times(const program::Program& program) {
    auto varies = [](const program::Latency& latency) {
        return latency.kind != program::Latency::Kind::constant;
    };
    bool any =
        varies(program.network.latency) || varies(program.bus.defaults.latency) ||
        std::any_of(program.bus.topics.begin(), program.bus.topics.end(),
                    [&](const program::Topic& topic) { return varies(topic.latency); }) ||
        std::any_of(program.network.links.begin(), program.network.links.end(),
                    [&](const program::LinkLatency& link) { return varies(link.latency); }) ||
        std::any_of(program.workload.begin(), program.workload.end(),
                    [](const program::WorkItem& item) { return item.per_second_millionths > 0; });
    return any ? 13 : 8;
}

std::size_t width_of_services(const program::Program& program) {
    constexpr std::size_t most = 24;
    std::size_t width = 0;
    for (const program::Service& service : program.services) {
        width = std::max(width, display_width(printable(service.display)));
    }
    return std::min(width, most);
}

bool has_several_correlations(const program::Program& program) {
    if (program.workload.size() != 1) return program.workload.size() > 1;
    return program.workload[0].times > 1 || program.workload[0].per_second_millionths > 0;
}

}  // namespace

TextStory::TextStory(const program::Program& program, Output& output, const TextOptions& options)
    : program_(program),
      output_(output),
      options_(options),
      paint_(options.color),
      time_width_(width_of_times(program)),
      service_width_(width_of_services(program)),
      several_correlations_(has_several_correlations(program)),
      introduced_(program.handlers.size(), false) {}

void TextStory::begin() {
    buffer_ += paint_(Tone::title, printable(program_.title)) + "\n";
    if (program_.case_name != program_.title) {
        buffer_ += "  case: " + paint_(Tone::title, printable(program_.case_name)) + "\n";
    }
    for (const std::string& sentence : program_.about) {
        for (const std::string& text : wrap(printable(sentence), options_.width - gap)) {
            buffer_ += "  " + paint_(Tone::dim, text) + "\n";
        }
    }
    buffer_ += '\n';
    if (options_.live) flush();
}

void TextStory::take(const Record& record) {
    if (record.kind == RecordKind::delivered && record.operation) {
        handling_[record.message] = record.operation;
    }
    if (record.kind == RecordKind::sent && is_echo(record)) return;
    bool of_saga = record.kind == RecordKind::row_changed && record.table &&
                   program_[record.table].kind == program::TableKind::saga;
    if (of_saga && !options_.verbose) return;  // the saga's own records tell it
    Phrase told = phrase(program_, record);
    if (!told.lines.empty()) tell(record, told);
    if (record.kind == RecordKind::delivered) tell_about(record);
    if (record.kind == RecordKind::ended) handling_.erase(record.cause);
    if (options_.live || buffer_.size() >= buffer_max) flush();
}

void TextStory::tell(const Record& record, const Phrase& told) {
    Group group{record.cause, record.service, record.at};
    bool enters = told.enters && !(struck_ && group == group_);
    bool header = enters || group != group_;
    if (header && !told.enters && record.kind != RecordKind::fault) go_back_to(record);
    header = enters || group != group_;
    struck_ = record.kind == RecordKind::fault;
    group_ = group;
    std::string time = header ? format_time(record.at) : "";
    std::string service = header ? display_name(program_, record.service) : "";
    std::string correlation = header ? correlation_of(record) : "";
    for (const std::string& text : told.lines) {
        line(time, service, told.tone, text, correlation);
        time.clear();
        service.clear();
        correlation.clear();
    }
}

// A handling that was left for another says what it is about before it goes on.
void TextStory::go_back_to(const Record& record) {
    auto found = handling_.find(record.cause);
    if (found == handling_.end() || record.kind == RecordKind::delivered) return;
    group_ = Group{record.cause, record.service, record.at};
    std::string text = "goes on with " + printable(program_[found->second].name);
    line(format_time(record.at), display_name(program_, record.service), Tone::title, text,
         correlation_of(record));
}

// What the file says of a handler, the first time that it runs.
void TextStory::tell_about(const Record& record) {
    if (!record.operation) return;
    for (HandlerId handler : program_[record.operation].handlers) {
        const program::Handler& candidate = program_[handler];
        if (candidate.service != record.service || introduced_[handler.value]) continue;
        introduced_[handler.value] = true;
        for (const std::string& sentence : candidate.about) {
            line("", "", Tone::dim, "# " + printable(sentence), "");
        }
    }
}

bool TextStory::is_echo(const Record& record) {
    bool same = record.message_kind == trace::MessageKind::event &&
                published_.operation == record.operation && published_.cause == record.cause &&
                published_.instruction == record.instruction && record.instruction &&
                published_.at == record.at && published_.peer < record.peer &&
                published_.value == record.value;
    published_ = record;
    return same;
}

std::string TextStory::correlation_of(const Record& record) const {
    if (!several_correlations_ || record.correlation.is_null()) return "";
    return "  (" + plain_text(record.correlation) + ")";
}

void TextStory::line(std::string_view time, std::string_view service, Tone tone,
                     std::string_view text, std::string_view correlation) {
    std::string head = pad_left(time, time_width_);
    std::string who = pad_right(service, service_width_);
    std::size_t indent = display_width(head) + display_width(who) + 2 * gap;
    std::vector<std::string> shown{std::string(text)};
    if (!options_.verbose) {
        std::size_t used = indent + display_width(correlation);
        shown = fold(text, options_.width > used + 10 ? options_.width - used : 10);
    }
    buffer_ += paint_(Tone::dim, head);
    buffer_.append(gap, ' ');
    buffer_ += service.empty() ? who : paint_(Tone::name, who);
    buffer_.append(gap, ' ');
    buffer_ += paint_(tone, shown[0]);
    buffer_ += paint_(Tone::dim, correlation);
    buffer_ += '\n';
    for (std::size_t i = 1; i < shown.size(); ++i) {
        buffer_.append(indent, ' ');
        buffer_ += paint_(tone, shown[i]);
        buffer_ += '\n';
    }
}

void TextStory::finish(const drivers::RunResult& result) {
    buffer_ += final_stores(program_, result.stores, options_);
    flush();
}

void TextStory::flush() {
    output_.write(buffer_);
    buffer_.clear();
}

}  // namespace sagalab::views
