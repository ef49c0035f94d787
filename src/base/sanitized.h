/* SPDX-License-Identifier: EUPL-1.2 */
/* SANITIZED: whether this is built with AddressSanitizer (make asan), by gcc's word for it or clang's. */
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED
#define SANITIZED 0
#endif
