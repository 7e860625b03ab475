#include "language/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/text.h"
#include "language/json_syntax.h"

namespace sagalab::language {
namespace {

// Steps through the text and tells how far the lexer has come, which its callbacks do not.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        *reached_ = ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
        return a.at_ == b.at_;
    }

private:
    const char* at_;
    const char** reached_;
};

class TreeBuilder {
public:
    using json = nlohmann::json;

    TreeBuilder(const Sources& sources, std::uint32_t file, std::string_view text,
                Diagnostics& diagnostics)
        : sources_(sources),
          file_(file),
          text_(text),
          diagnostics_(diagnostics),
          reached_(text.data()) {
        if (text_.starts_with("\xef\xbb\xbf")) last_end_ = 3;
    }

    const char** reached() { return &reached_; }
    Node take_root() { return std::move(root_); }

    // What nlohmann calls.
    bool null() { return add_scalar(Node::Kind::null) != nullptr; }
    bool boolean(bool truth) {
        if (Node* node = add_scalar(Node::Kind::boolean)) node->truth = truth;
        return true;
    }
    bool number_integer(std::int64_t number) {
        if (Node* node = add_scalar(Node::Kind::integer)) node->integer = number;
        return true;
    }
    bool number_unsigned(std::uint64_t number) {
        Place place = token();
        Node* node = add(Node::Kind::integer, place);
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            refuse_number(place);
            number = 1;
        }
        if (node != nullptr) node->integer = static_cast<std::int64_t>(number);
        return true;
    }
    bool number_float(double /*value*/, const std::string& /*raw*/) {
        Place place = token();
        refuse_number(place);
        if (Node* node = add(Node::Kind::integer, place)) node->integer = 1;
        return true;
    }
    bool string(const std::string& text) {
        Place place = token();
        check_nul(place, text);
        if (Node* node = add(Node::Kind::string, place)) node->text.assign(text);
        return true;
    }
    bool binary(const json::binary_t& /*value*/) { return false; }
    bool key(const std::string& name) {
        Place place = token();
        after_key_ = true;
        check_nul(place, name);
        if (skipped_ > 0) return true;
        Member& member = open_.back()->members.emplace_back();
        member.key.assign(name);
        member.key_place = place;
        return true;
    }
    bool start_object(std::size_t /*size*/) { return open(Node::Kind::object); }
    bool start_array(std::size_t /*size*/) { return open(Node::Kind::array); }
    bool end_object() {
        Place place = token();
        if (skipped_ == 0) refuse_duplicates(*open_.back());
        return close(place);
    }
    bool end_array() { return close(token()); }
    bool parse_error(std::size_t /*position*/, const std::string& /*last_token*/,
                     const json::exception& /*error*/) {
        Place unclosed;
        bool is_open = !opened_.empty();
        if (is_open) unclosed = {file_, opened_.back(), opened_.back() + 1};
        SyntaxError found =
            explain_syntax(text_, {last_end_, is_open ? opened_.back() : no_bracket, after_key_});
        std::string message = std::move(found.message);
        if (found.names_bracket && is_open) {
            message += fmt::format(" that begins on line {}", sources_.line_column(unclosed).line);
        }
        diagnostics_.error({file_, found.begin, found.end}, std::move(message));
        return false;
    }

private:
    // The token that was just read: from the last one's end, blanks, "," and ":" skipped.
    Place token() {
        std::size_t begin = skip_separators(text_, last_end_);
        std::size_t end = static_cast<std::size_t>(reached_ - text_.data());
        // The lexer reads one character past a number.
        if (begin < text_.size() && (text_[begin] == '-' || is_digit(text_[begin]))) {
            end = number_token_end(text_, begin);
        }
        last_end_ = static_cast<std::uint32_t>(end);
        after_key_ = false;
        return {file_, static_cast<std::uint32_t>(begin), last_end_};
    }

    // Where the next value goes; null inside what is nested too deeply.
    Node* add(Node::Kind kind, const Place& place) {
        if (skipped_ > 0) return nullptr;
        Node* node = &root_;
        if (!open_.empty()) {
            Node& parent = *open_.back();
            node = parent.is(Node::Kind::array) ? &parent.items.emplace_back()
                                                : &parent.members.back().value;
        }
        node->kind = kind;
        node->place = place;
        return node;
    }

    Node* add_scalar(Node::Kind kind) {
        Node* node = add(kind, token());
        return node != nullptr ? node : &ignored_;
    }

    bool open(Node::Kind kind) {
        Place place = token();
        opened_.push_back(place.begin);
        if (skipped_ == 0 && open_.size() == depth_max) {
            diagnostics_.error(place, fmt::format("nested deeper than {} levels", depth_max));
            add(Node::Kind::null, place);
            skipped_ = 1;
            return true;
        }
        if (skipped_ > 0) {
            ++skipped_;
            return true;
        }
        open_.push_back(add(kind, place));
        return true;
    }

    bool close(const Place& place) {
        opened_.pop_back();
        if (skipped_ > 0) {
            --skipped_;
            return true;
        }
        open_.back()->place.end = place.end;
        open_.pop_back();
        return true;
    }

    void refuse_number(const Place& place) {
        std::string_view raw = text_.substr(place.begin, place.end - place.begin);
        diagnostics_.error(place, number_message(raw));
    }

    void check_nul(const Place& place, const std::string& decoded) {
        if (decoded.find('\0') == std::string::npos) return;
        std::string_view raw = text_.substr(place.begin, place.end - place.begin);
        std::size_t at = raw.find("\\u0000");
        auto begin = static_cast<std::uint32_t>(place.begin + at);
        diagnostics_.error({file_, begin, begin + 6}, "a string may not contain \\u0000");
    }

    // Keeps the first of each name.
    void refuse_duplicates(Node& object) {
        std::vector<Member>& members = object.members;
        std::vector<std::uint32_t> order(members.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return members[a].key < members[b].key;
        });
        std::vector<bool> repeated(members.size());
        bool any = false;
        std::uint32_t first = 0;
        for (std::uint32_t i = 1; i < order.size(); ++i) {
            const Member& member = members[order[i]];
            const Member& earlier = members[order[first]];
            if (member.key != earlier.key) {
                first = i;
                continue;
            }
            diagnostics_.error(member.key_place,
                               fmt::format("duplicate key \"{}\" (first on line {})", member.key,
                                           sources_.line_column(earlier.key_place).line));
            repeated[order[i]] = true;
            any = true;
        }
        if (!any) return;
        std::vector<Member> kept;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!repeated[i]) kept.push_back(std::move(members[i]));
        }
        members = std::move(kept);
    }

    const Sources& sources_;
    std::uint32_t file_;
    std::string_view text_;
    Diagnostics& diagnostics_;
    const char* reached_;
    std::uint32_t last_end_ = 0;
    bool after_key_ = false;
    Node root_;
    Node ignored_;
    std::vector<Node*> open_;            // a parent does not grow while a child is open
    std::vector<std::uint32_t> opened_;  // where each open bracket stands, skipped ones included
    std::size_t skipped_ = 0;
};

}  // namespace

const Member* Node::member(std::string_view key) const {
    for (const Member& candidate : members) {
        if (candidate.key == key) return &candidate;
    }
    return nullptr;
}

const Node* Node::find(std::string_view key) const {
    const Member* found = member(key);
    return found != nullptr ? &found->value : nullptr;
}

std::string_view kind_phrase(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::null: return "null";
        case Node::Kind::boolean: return "a boolean";
        case Node::Kind::integer: return "a number";
        case Node::Kind::string: return "a string";
        case Node::Kind::array: return "an array";
        case Node::Kind::object: return "an object";
    }
    return "null";
}

std::optional<Node> parse_json(const Sources& sources, std::uint32_t file,
                               Diagnostics& diagnostics) {
    std::string_view text = sources.text(file);
    std::string mended;
    switch (check_bytes(text, file, mended, diagnostics)) {
        case Bytes::clean: break;
        case Bytes::mended: text = mended; break;
        case Bytes::hopeless: return std::nullopt;
    }
    TreeBuilder builder(sources, file, text, diagnostics);
    CountingIterator first(text.data(), builder.reached());
    CountingIterator last(text.data() + text.size(), builder.reached());
    if (!nlohmann::json::sax_parse(first, last, &builder)) return std::nullopt;
    return builder.take_root();
}

}  // namespace sagalab::language
