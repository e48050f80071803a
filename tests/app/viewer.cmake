# The tests of the map window.
if(YAAN_BUILD_VIEWER)
  yaan_add_test(viewer_session
    SOURCES viewer_session_test.cpp
    LINK yaan_viewer yaan_study yaan_render PkgConfig::IMGUI)
  yaan_add_test(viewer_screenshot
    SOURCES viewer_screenshot_test.cpp
    LINK yaan_viewer yaan_render PkgConfig::PNG
    LABELS gl)
  yaan_add_test(viewer_window
    SOURCES viewer_window_test.cpp
    LINK yaan_viewer
    LABELS gl)
endif()
