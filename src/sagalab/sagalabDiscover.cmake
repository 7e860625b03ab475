# Run by ctest for each sagalab_add_scenarios: asks sagalab for the cases there are now.
#
# In: sagalab_program, _folder, _prefix, _labels, _options, and _list, a file to be written.

# Called by the list: a case, or without one the whole file.
function(sagalab_case file)
    set(name "${sagalab_prefix}${file}")
    set(which "")
    if(ARGC GREATER 1)
        set(name "${name} / ${ARGV1}")
        set(which "--case=${ARGV1}")
    endif()
    if(which STREQUAL "")
        add_test("${name}" "${sagalab_program}" test -q -j 1 ${sagalab_options} -- "${file}")
    else()
        add_test("${name}" "${sagalab_program}" test -q -j 1 ${sagalab_options} "${which}" --
                 "${file}")
    endif()
    set_tests_properties("${name}" PROPERTIES WORKING_DIRECTORY "${sagalab_folder}"
                         LABELS "${sagalab_labels}")
endfunction()

execute_process(
    COMMAND "${sagalab_program}" test --list --format ctest ${sagalab_options} -- .
    WORKING_DIRECTORY "${sagalab_folder}"
    OUTPUT_FILE "${sagalab_list}"
    ERROR_VARIABLE sagalab_errors
    RESULT_VARIABLE sagalab_result)
# 2: some file has errors, and the list says which.
if(NOT sagalab_result MATCHES "^[02]$")
    message(SEND_ERROR "sagalab cannot list the scenarios in ${sagalab_folder}: "
                       "${sagalab_result} ${sagalab_errors}")
endif()
file(SIZE "${sagalab_list}" sagalab_size)
if(sagalab_size EQUAL 0)
    sagalab_case(.) # it says why there is nothing
else()
    include("${sagalab_list}")
endif()
