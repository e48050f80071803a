#pragma once
// Memory for large arrays that are about to be filled for the first time.
//
// The system gives memory a page at a time, when it is first touched. Each first touch interrupts the program; for a
// page of 4 KiB that costs more than filling it, and many times more in a virtual machine. These hints ask for a whole
// range at once, in pages of 2 MiB where the system has them. They change no result, and do nothing on a system that
// does not know them.

#include <cstddef>

namespace yaan {

/// Lets the system back the range by large pages. Small ranges are left alone.
void prefer_huge_pages(const void* begin, std::size_t bytes);

/// Has the system give the pages of the range now. They count as used from here on: name no more than will be filled.
void populate_pages(const void* begin, std::size_t bytes);

/// Reserves room for `items` in a vector or string whose content will be appended part by part.
template <class Values>
void reserve_in_huge_pages(Values& values, std::size_t items) {
  if (items <= values.capacity()) return;
  values.reserve(items);
  prefer_huge_pages(values.data(), values.capacity() * sizeof(values[0]));
}

/// Before `more` items are appended: their pages, as far as there is room for them.
template <class Values>
void populate_next(const Values& values, std::size_t more) {
  const std::size_t room = values.capacity() - values.size();
  populate_pages(values.data() + values.size(), (more < room ? more : room) * sizeof(values[0]));
}

}  // namespace yaan
