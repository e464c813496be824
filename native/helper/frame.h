// How the helper and the daemon talk, as bytes and nothing else: a frame is a big-endian u32 length and that many bytes
// of fields, each a big-endian u16 length and its bytes. Request: id, verb, arguments. Reply: id, `ok`, results; or id,
// `refused` or `failed`, code, errno (0 without one), text. Everything is bounded and nothing is allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace evidock {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kLengthBytes = 4;
// 4 KiB of SCSI data and what goes with it.
inline constexpr std::size_t kRequestBytesMax = 4608;
// 60 KiB read off a card and what goes with it.
inline constexpr std::size_t kReplyBytesMax = 65536;
inline constexpr std::size_t kFieldsMax = 8;

struct Fields {
  std::array<std::string_view, kFieldsMax> at;
  std::size_t count = 0;
};

// The length that a frame's head announces; 0 when it is none that may be asked for.
std::size_t requestBytes(const char (&head)[kLengthBytes]);
// False unless the fields fill the payload exactly. The views point into it.
bool readFields(std::string_view payload, Fields& fields);

// A decimal number of at most fifteen digits, with a leading minus where `least` allows one.
bool readNumber(std::string_view text, long least, long most, long& number);

// Builds one reply. Text that does not fit is left out, and the frame stays whole.
class Reply {
 public:
  explicit Reply(std::string_view id);

  // Each returns what a verb returns: true for ok.
  bool ok();
  bool refuse(const char* code, const char* format, ...) __attribute__((format(printf, 3, 4)));
  bool fail(const char* code, int number, const char* format, ...) __attribute__((format(printf, 4, 5)));
  // A result; after ok() only.
  void add(std::string_view field);

  // The whole frame, its length in front.
  std::string_view frame();
  // One word for the log: ok, or the code.
  const char* outcome() const { return outcome_; }
  const char* text() const { return text_; }

 private:
  bool trouble(const char* kind, const char* code, int number);

  char bytes_[kLengthBytes + kReplyBytesMax];
  std::size_t used_ = kLengthBytes;
  std::size_t start_;
  const char* outcome_ = "none";
  char text_[256] = "";
};

}  // namespace evidock
