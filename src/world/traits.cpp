#include <algorithm>

#include "world/canonical.h"

namespace sagalab::world {

using program::ExpressionOp;
using program::MetaField;

Traits Traits::of(const Program& program) {
    Traits traits;
    for (const program::Expression& expression : program.expressions) {
        for (const program::ExpressionStep& step : expression.code) {
            if (step.op != ExpressionOp::meta) continue;
            switch (static_cast<MetaField>(step.operand)) {
                case MetaField::id: traits.ids = true; break;
                case MetaField::causation_id: traits.ids = traits.causes = true; break;
                case MetaField::time:
                    traits.times = true;
                    traits.clock_matters = never;
                    break;
                case MetaField::attempt: traits.attempts = true; break;
                default: break;
            }
        }
    }
    for (const program::Fault& fault : program.faults) {
        traits.attempts = traits.attempts || fault.attempt != 0;
        traits.ids =
            traits.ids || fault.millionths < 1'000'000;  // drawn by the name of what it strikes
        traits.clock_matters = std::max(traits.clock_matters, fault.at);
        if (fault.until != never) {
            traits.clock_matters = std::max(traits.clock_matters, fault.until);
        }
    }
    for (const program::Service& service : program.services) {
        traits.ids = traits.ids || service.inbox;
    }
    traits.ids = traits.ids || !program.aggregates.empty();
    for (const program::Saga& saga : program.sagas) {
        traits.logs.push_back(program::log_use(program, saga));
    }
    return traits;
}

}  // namespace sagalab::world
