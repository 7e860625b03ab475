# Scenario files as tests of CTest, for projects that found sagalab.
#
#   sagalab_add_scenarios(FOLDER [PREFIX text] [LABELS label...] [OPTIONS option...])
#
# Every case of every scenario file below FOLDER is a test, called PREFIX FILE / CASE (PREFIX is
# FOLDER/ as given), and passes as `sagalab test` says. They are looked up when ctest starts, so a
# new file or case needs no configuring. A file with errors is one test, which fails; one with a
# `sometimes`, a claim about all its cases together, is one more. OPTIONS go to every
# `sagalab test` (--strict, --set NAME=VALUE); tests run in FOLDER.

function(sagalab_add_scenarios folder)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "PREFIX" "LABELS;OPTIONS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "sagalab_add_scenarios: unknown argument ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT TARGET sagalab::cli)
        message(FATAL_ERROR "sagalab_add_scenarios: there is no sagalab::cli to run scenarios")
    endif()
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE
               OUTPUT_VARIABLE absolute)
    if(NOT IS_DIRECTORY ${absolute})
        message(FATAL_ERROR "sagalab_add_scenarios: no folder \"${absolute}\"")
    endif()
    if(NOT DEFINED arg_PREFIX)
        set(arg_PREFIX "${folder}/")
    endif()
    string(MD5 key "${absolute} ${arg_PREFIX} ${arg_OPTIONS}")
    set(base ${CMAKE_CURRENT_BINARY_DIR}/sagalab-scenarios-${key})
    file(
        GENERATE
        OUTPUT ${base}-$<CONFIG>.cmake
        CONTENT
            "set(sagalab_program [==[$<TARGET_FILE:sagalab::cli>]==])
set(sagalab_folder [==[${absolute}]==])
set(sagalab_prefix [==[${arg_PREFIX}]==])
set(sagalab_labels [==[${arg_LABELS}]==])
set(sagalab_options [==[${arg_OPTIONS}]==])
set(sagalab_list [==[${base}-list.cmake]==])
include([==[${CMAKE_CURRENT_FUNCTION_LIST_DIR}/sagalabDiscover.cmake]==])
")
    # ctest knows the configuration; at this time only a generator with a single one does.
    get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    if(several)
        file(WRITE ${base}.cmake "include(\"${base}-\${CTEST_CONFIGURATION_TYPE}.cmake\")\n")
        set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${base}.cmake)
    else()
        set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES
                                               ${base}-${CMAKE_BUILD_TYPE}.cmake)
    endif()
endfunction()
