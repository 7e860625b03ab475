# Installs the build into a folder of its own, moves it, and builds a project that uses it:
# nothing installed may point back to the source or build tree. The project has scenarios as tests.
#
#   cmake -DBUILD_DIR=... -DWORK_DIR=... -DGENERATOR=... -DCXX=... -P check.cmake

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/first)
file(RENAME ${WORK_DIR}/first ${WORK_DIR}/moved)
file(GLOB_RECURSE installed ${WORK_DIR}/moved/*.cmake ${WORK_DIR}/moved/*.h)
foreach(path IN LISTS installed)
    file(READ ${path} text)
    string(FIND "${text}" "${WORK_DIR}/first" found)
    if(NOT found EQUAL -1)
        message(FATAL_ERROR "${path}: error: names the folder it was installed to first")
    endif()
endforeach()

# The tests that ctest finds now, one "name" a line, and whether they pass.
function(test_project names result)
    execute_process(
        COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${WORK_DIR}/project --no-tests=error
                --output-on-failure
        OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE code)
    set(${names} "${output}" PARENT_SCOPE)
    set(${result} ${code} PARENT_SCOPE)
endfunction()

function(expect_text output text)
    string(FIND "${output}" "${text}" found)
    if(found EQUAL -1)
        message(FATAL_ERROR "error: ctest does not say: ${text}\n${output}")
    endif()
endfunction()

set(late ${WORK_DIR}/late)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/scenarios/counter.json DESTINATION ${late}/deeper)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK_DIR}/project -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${WORK_DIR}/moved -DLATE_DIR=${late})
run(${CMAKE_COMMAND} --build ${WORK_DIR}/project)
run(${WORK_DIR}/project/uses-sagalab)

# Two cases and what they claim together, in two folders, and the test of the library.
test_project(output code)
if(NOT code EQUAL 0)
    message(FATAL_ERROR "error: a test of the project failed\n${output}")
endif()
expect_text("${output}" "100% tests passed, 0 tests failed out of 7")
expect_text("${output}" "scenarios/counter.json / by one")
expect_text("${output}" "scenarios/counter.json / a name; with [all] that")
expect_text("${output}" " \"CMake\" \${reads} and \\ more]=]")
expect_text("${output}" "late: deeper/counter.json")
expect_text("${output}" "counters")

# Without configuring anew: what is broken fails, what has errors fails.
file(READ ${late}/deeper/counter.json text)
string(REPLACE "['a'].n == params.by" "['a'].n == 3" text "${text}")
file(WRITE ${late}/broken.json "${text}")
file(WRITE ${late}/wrong.json "{\"scenario\": 1}")
test_project(output code)
if(code EQUAL 0)
    message(FATAL_ERROR "error: a broken scenario passed\n${output}")
endif()
expect_text("${output}" "late: broken.json / by one")
expect_text("${output}" "late: wrong.json")
expect_text("${output}" "4 tests failed out of 11")
