// The files of pages/, compiled in by pages/embed.cmake; each ends in a NUL.
#pragma once

namespace service {

extern const char page_status_html[];
extern const char page_status_js[];
extern const char page_status_css[];
extern const char page_openapi_json[];

}  // namespace service
