#include "yaan/core/progress.hpp"

#include "yaan/core/error.hpp"

namespace yaan {

void Progress::throw_if_cancelled() const {
  if (cancelled()) throw Cancelled();
}

}  // namespace yaan
