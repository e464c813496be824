#include "frame.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace evidock {

namespace {

std::size_t bigEndian(const char* bytes, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t at = 0; at < count; at += 1) value = value << 8 | static_cast<unsigned char>(bytes[at]);
  return value;
}

}  // namespace

std::size_t requestBytes(const char (&head)[kLengthBytes]) {
  const std::size_t length = bigEndian(head, kLengthBytes);
  return length <= kRequestBytesMax ? length : 0;
}

bool readFields(std::string_view payload, Fields& fields) {
  fields.count = 0;
  while (!payload.empty()) {
    if (payload.size() < 2 || fields.count == kFieldsMax) return false;
    const std::size_t length = bigEndian(payload.data(), 2);
    payload.remove_prefix(2);
    if (length > payload.size()) return false;
    fields.at[fields.count] = payload.substr(0, length);
    fields.count += 1;
    payload.remove_prefix(length);
  }
  return fields.count >= 2;
}

bool readNumber(std::string_view text, long least, long most, long& number) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return false;
  long value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return false;
    value = value * 10 + (digit - '0');
  }
  number = negative ? -value : value;
  return number >= least && number <= most;
}

Reply::Reply(std::string_view id) {
  add(id);
  start_ = used_;
}

bool Reply::ok() {
  used_ = start_;
  outcome_ = "ok";
  add("ok");
  return true;
}

bool Reply::refuse(const char* code, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text_, sizeof text_, format, arguments);
  va_end(arguments);
  return trouble("refused", code, 0);
}

bool Reply::fail(const char* code, int number, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text_, sizeof text_, format, arguments);
  va_end(arguments);
  if (number != 0 && length >= 0 && static_cast<std::size_t>(length) < sizeof text_) {
    const char* description = strerrordesc_np(number);
    snprintf(text_ + length, sizeof text_ - static_cast<std::size_t>(length), ": %s",
             description != nullptr ? description : "unknown error");
  }
  return trouble("failed", code, number);
}

bool Reply::trouble(const char* kind, const char* code, int number) {
  char digits[16];
  snprintf(digits, sizeof digits, "%d", number);
  used_ = start_;
  outcome_ = code;
  add(kind);
  add(code);
  add(digits);
  add(text_);
  return false;
}

void Reply::add(std::string_view field) {
  if (field.size() > 0xFFFF || used_ + 2 + field.size() > sizeof bytes_) return;
  bytes_[used_] = static_cast<char>(field.size() >> 8);
  bytes_[used_ + 1] = static_cast<char>(field.size() & 0xFF);
  memcpy(bytes_ + used_ + 2, field.data(), field.size());
  used_ += 2 + field.size();
}

std::string_view Reply::frame() {
  const std::size_t length = used_ - kLengthBytes;
  for (std::size_t at = 0; at < kLengthBytes; at += 1)
    bytes_[at] = static_cast<char>(length >> 8 * (kLengthBytes - 1 - at) & 0xFF);
  return {bytes_, used_};
}

}  // namespace evidock
