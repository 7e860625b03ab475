# Installs the build into a folder of its own, moves it, and builds a project that uses it:
# nothing installed may point back to the source or build tree.
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

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK_DIR}/project -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${WORK_DIR}/moved)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/project)
run(${WORK_DIR}/project/uses-sagalab)
