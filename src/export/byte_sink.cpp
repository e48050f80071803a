#include "yaan/export/byte_sink.hpp"

#include <unistd.h>
#include <cerrno>

#include "export/system_calls.hpp"

namespace yaan {

void StandardOutput::write(std::string_view bytes) { write_all(STDOUT_FILENO, bytes, "standard output"); }

}  // namespace yaan
