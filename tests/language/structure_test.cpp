// The structure of scenario files: a table of what is wrong and what is said of it.
#include <string>

#include "language/document_support.h"
#include "support/catch.h"

using namespace sagalab::language;

namespace {

// A part of a file, and the messages without their places, with ";" between them.
struct Row {
    std::string text;
    std::string message;
};

Lines without_places(const ReadResult& result) {
    Lines lines;
    for (const std::string& line : result.messages())
        lines.push_back(line.substr(line.find(' ') + 1));
    return lines;
}

void check_rows(const std::vector<Row>& rows, const std::string& before, const std::string& after) {
    for (const Row& row : rows) {
        INFO(row.text);
        ReadResult result = read(before + row.text + after);
        CHECK(result.document);
        std::string messages;
        for (const std::string& line : without_places(result)) {
            messages += (messages.empty() ? "" : ";") + line;
        }
        CHECK(messages == row.message);
    }
}

}  // namespace

TEST_CASE("structure: steps") {
    const std::string duration = "a duration such as \"250us\" or \"1m30s\"";
    check_rows(
        {{R"({"insert":"orders","key":"msg.id","row":{"a":null},"copy":["b"],"onError":[]})", ""},
         {R"({"about":"x","wait":"1ms"})", ""},
         {R"({"about":["x","y"],"stop":"done"})", ""},
         {R"({"insert":"orders"})", "an \"insert\" step needs \"key\""},
         {R"({"insert":"orders","kee":"x"})",
          "an \"insert\" step needs \"key\";unknown key \"kee\" in an \"insert\" step (did you "
          "mean \"key\"?)"},
         {R"({"publsh":"X"})", "unknown verb \"publsh\" of a step (did you mean \"publish\"?)"},
         {R"({"insert":"a","key":"k","publish":"B"})",
          "a step has one verb, this one has \"insert\" and \"publish\""},
         {R"({"if":"true","reject":"Code","data":{"a":1}})", ""},
         {R"({"if":"true","then":[],"else":[{"stop":"x"}]})", ""},
         {R"({"if":"true"})",
          "an \"if\" step needs \"then\", \"reply\", \"reject\", \"fail\" or \"stop\""},
         {R"({"if":"true","then":[],"stop":"x"})", "\"then\" and \"stop\" exclude each other"},
         {R"({"if":"true","stop":"x","status":200})", "\"status\" stands only with \"reply\""},
         {R"({"await":"Paid","if":"event.id == 1","timeout":"1m","as":"p"})", ""},
         {R"({"for":"line","in":"msg.lines","do":[{"log":"x"}]})", ""},
         {R"({"for":"row","in":"msg.lines","do":[]})",
          "\"row\" is a reserved word and cannot name a value"},
         {R"({"wait":5})", "\"wait\" must be " + duration + ", not a number"},
         {R"({"wait":"5"})", "\"wait\" must be " + duration + ", not \"5\""},
         {R"({"call":"Pay","data":{}})",
          "\"call\" must be a name such as \"Payments.Charge\", not \"Pay\""},
         {R"({"call":"P.C","via":"netwrk"})",
          "\"via\" must be \"network\" or \"bus\", not \"netwrk\" (did you mean \"network\"?)"},
         {R"({"call":"P.C","retry":{"maxAttempts":"forever","backoff":"1.5"}})", ""},
         {R"({"call":"P.C","retry":{"maxAttempts":0}})",
          "\"maxAttempts\" must be a whole number from 1 to 1000000, not 0"},
         {R"({"call":"P.C","retry":{"backoff":"x"}})",
          "\"backoff\" must be a factor such as \"1.5\", not \"x\""},
         {R"({"call":"P.C","onError":{"rejected":[],"X":[{"stop":"x"}]}})", ""},
         {R"({"call":"P.C","onError":"x"})",
          "\"onError\" must be an array or an object, not a string"},
         {R"({"call":"P.C","as":"1st"})",
          "\"1st\" cannot name a value: names are letters, digits and _, and do not begin with a "
          "digit"},
         {R"({"call":"P.C","compensate":{"call":"P.D"},"kind":"pivot"})", ""},
         {R"({"append":[{"event":"E","data":{}}],"to":"Order","key":"k","expectedVersion":3})", ""},
         {R"({"append":"E","to":"Order","key":"k","expectedVersion":"none"})", ""},
         {R"({"append":[],"to":"Order","key":"k"})",
          "\"append\" must be an array of at least 1 item, not an empty array"},
         {R"({"parallel":{"a":[],"b":[]},"mode":"settle","as":"parts"})", ""},
         {R"({"parallel":{"a b":[]}})",
          "\"a b\" cannot name a branch: names are letters, digits and _, and do not begin with a "
          "digit"},
         {R"({"let":{"total":"${1}"}})", ""},
         {R"({"choose":["a","b"],"as":"c"})", ""},
         {R"({"step":"s","compensate":[{"log":"x"}]})", ""},
         {R"(5)", "an item of \"Do\" must be a step (an object), not a number"},
         {R"({"if":"","then":[]})", "\"if\" must not be empty"}},
        R"({"scenario":"s","services":{"A":{"api":{"Do":[)", "]}}}}");
}

TEST_CASE("structure: a step without a verb is told all of them") {
    Lines messages = without_places(read(with_steps(R"({"zzzzzz":1})")));
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].find("a step needs a verb: \"insert\", \"update\", ") == 0);
    CHECK(messages[0].find(" or \"step\"") != std::string::npos);
}

TEST_CASE("structure: services") {
    check_rows(
        {{R"("takes":{"uniform":["1ms","5ms"]},"workers":4,"queueLimit":0,"outbox":true)", ""},
         {R"("takes":5)",
          "\"takes\" must be a duration such as \"250us\" or \"1m30s\", not a number"},
         {R"("takes":{"uniform":["5ms","1ms"]})",
          "\"uniform\" must be two durations, the shorter first"},
         {R"("takes":{"lognormal":{"median":"1ms"}})",
          "a \"lognormal\" distribution needs \"p99\""},
         {R"("workers":0)", "\"workers\" must be a whole number from 1 to 1000000, not 0"},
         {R"("outbox":"yes")", "\"outbox\" must be true or false, not a string"},
         {R"("inbox":{"window":"1h"})", ""},
         {R"("takess":"1ms")", "unknown key \"takess\" in a service (did you mean \"takes\"?)"},
         {R"("store":{"orders":{"rows":{"any text":{"a":1}}}})", ""},
         {R"("store":{"orders":{"rows":{"o":5}}})", "\"o\" must be an object, not a number"},
         {R"("store":{"or-ders":{}})",
          "\"or-ders\" cannot name a table: names are letters, digits and _, and do not begin with "
          "a digit"},
         {R"("on":{"event":[]})", "\"event\" is a reserved word and cannot name an event"},
         {R"("api":{"Do":{"steps":[],"takes":"2ms","about":"x"}})", ""},
         {R"("api":{"Do":{"takes":"2ms"}})", "a handler needs \"steps\""},
         {R"("jobs":{"j":{"every":"5s","times":3,"steps":[]}})", ""},
         {R"("jobs":{"j":{"every":"5s","steps":[]}})", "a job needs \"times\""},
         {R"("sagas":{"S":{"id":"msg.id","steps":[],"compensation":{"scope":"started"}}})", ""},
         {R"("sagas":{"S":{"steps":[]}})", "a saga needs \"id\""},
         {R"("routes":{"GET /o/{id}":{"steps":[],"rateLimit":"10/s"}})", ""},
         {R"("routes":{"GET /o":{"steps":[],"rateLimit":"10"}})",
          "\"rateLimit\" must be a rate such as \"200/s\", not \"10\""},
         {R"("routes":{"/o":[]})", "\"/o\" must be a route such as \"GET /orders/{orderId}\""},
         {R"("aggregates":{"O":{"apply":{"E":{"a":1}},"snapshot":{"every":50},
             "streams":{"o-1":[{"event":"E","revision":1}]}}})",
          ""},
         {R"("projections":{"p":{"from":"A.O","key":"event.id","on":{"E":{"delete":true}}}})", ""},
         {R"("projections":{"p":{"from":"A.O","key":"event.id","on":{"E":{}}}})",
          "a projection's handler needs \"set\" or \"delete\""}},
        R"({"scenario":"s","services":{"A":{)", "}}}");
}

TEST_CASE("structure: workload and faults") {
    check_rows(
        {{R"({"publish":"E","data":{},"at":"5ms"})", ""},
         {R"({"call":"A.Do","as":"r${i}","every":"1ms","times":10})", ""},
         {R"({"call":"A.Do","every":{"poisson":"200/s"},"for":"10s"})", ""},
         {R"({"call":"A.Do","every":"1ms"})", "\"every\" stands only with \"times\" or \"for\""},
         {R"({"call":"A.Do","times":3})", "\"times\" stands only with \"every\""},
         {R"({"client":"ann","steps":[{"call":"A.Do","as":"a"},{"wait":"5ms"}],"times":2})", ""},
         {R"({"client":"ann","steps":[{"insert":"t"}]})",
          "a step of a client needs a verb: \"publish\", \"send\", \"call\", \"request\", "
          "\"wait\", \"log\", \"let\" or \"choose\""},
         {R"({"request":"GET /o","to":"G","token":"t"})", ""},
         {R"({"resume":"A.S","id":"o-1"})", ""},
         {R"({"call":"A.Do","as":"r-1"})",
          "\"r-1\" cannot name a value: names are letters, digits and _, and do not begin "
          "with a digit"}},
        R"({"scenario":"s","workload":[)", "]}");
    check_rows({{R"({"reject":"A.Do","with":"No","when":"after","nth":1,"optional":true})", ""},
                {R"({"crash":"A/2","point":"after insert o","restartAfter":"never"})", ""},
                {R"({"crash":"A","restartAfter":"nevr"})",
                 "\"restartAfter\" must be \"never\" or a duration such as \"250us\" or \"1m30s\", "
                 "not \"nevr\" (did you mean \"never\"?)"},
                {R"({"delay":"E"})", "a \"delay\" fault needs \"by\""},
                {R"({"drop":"E","probability":"2"})",
                 "\"probability\" must be a percentage such as \"2%\", not \"2\""},
                {R"({"drop":"E","nth":0})", "\"nth\" must be a whole number of at least 1, not 0"},
                {R"({"partition":[["A"],["B","bus"]],"at":"1ms","until":"2ms"})", ""},
                {R"({"partition":[["A"]]})",
                 "\"partition\" must be an array of at least 2 items, not an array of 1"},
                {R"({"slow":"A","by":"10"})", ""}},
               R"({"scenario":"s","faults":[)", "]}");
}

TEST_CASE("structure: the rest of the file") {
    check_rows(
        {{R"("seed":-1)", "\"seed\" must be a whole number of at least 0, not -1"},
         {R"("limits":{"memory":"4G","events":5,"virtualTime":"1h"})", ""},
         {R"("limits":{"memory":"4 GB"})",
          "\"memory\" must be a size such as \"4G\", not \"4 GB\""},
         {R"("servces":{})", "unknown key \"servces\" in a scenario (did you mean \"services\"?)"},
         {R"("services":[])", "\"services\" must be an object, not an array"},
         {R"("$schema":"x","about":"a","breaks":["x"])", ""},
         {R"("about":5)", "\"about\" must be a string or an array, not a number"},
         {R"("expect":{"sequence":["E -> A"],"counts":{"A.Do -> A":1},"always":{"any, title":"true"}})",
          ""},
         {R"("expect":{"sequence":["E->A"]})",
          "an item of \"sequence\" must be a delivery such as \"PayOrder -> Payments\", not "
          "\"E->A\""},
         {R"("expect":{"counts":{"E":1}})",
          "\"E\" must be a delivery such as \"PayOrder -> Payments\""},
         {R"("expect":{"replies":{"r1":{"outcome":"declined"}}})",
          "\"outcome\" must be \"succeeded\", \"rejected\", \"failed\" or \"unknown\", not "
          "\"declined\""},
         {R"("expect":{"always":{"":"true"}})", "the name of an expectation must not be empty"},
         {R"("explore":{"crash":{"max":1,"restart":"never"},"drop":2,"only":["A"],"reorder":true})",
          ""},
         {R"("explore":{"crash":{"only":["A"]}})", "a budget of crashes needs \"max\""},
         {R"("bus":{"order":"per-key","key":"msg.id","topics":{"E":{"maxDeliveries":1}}})", ""},
         {R"("network":{"latency":"1ms","links":[{"from":"A","to":"B","latency":"2ms"}]})", ""},
         {R"("policies":{"retry":{"patient":{}},"breaker":{"careful":{"failures":5}}})", ""},
         {R"("policies":{"retyr":{}})",
          "unknown key \"retyr\" in the policies (did you mean \"retry\"?)"}},
        R"({"scenario":"s",)", "}");
}

TEST_CASE("structure: what is wrong is taken out, what has a name stays") {
    ReadResult result = read(
        R"({"scenario":"s","servces":1,"services":{"A":5,"B":{"takes":1,"api":{"Do":7,"Go":[5,{"stop":"x"}]}}}})");
    REQUIRE(result.document);
    CHECK(compact(result.document->cases[0].root) ==
          "{scenario:'s',services:{A:{},B:{api:{Do:{},Go:[{stop:'x'}]}}}}");
    CHECK(result.messages().size() == 5);
}
