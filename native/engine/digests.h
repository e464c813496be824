// The digests of one reading pass: SHA-256 and SM3 (OpenSSL's, as Node carries it) and the fs-verity tree
// (linux/Documentation/filesystems/fsverity.rst: SHA-256, 4 KiB blocks, no salt), all of them streaming.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "limits.h"

typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;

namespace evidock {

using DigestBytes = std::array<std::byte, kDigestBytes>;

std::string toHex(std::span<const std::byte> bytes);

// SHA-256 or SM3. May be used again after `finish`.
class Digest {
 public:
  enum class Algorithm { sha256, sm3 };
  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void update(std::span<const std::byte> bytes);
  // Writes the digest and begins anew.
  void finish(std::byte* digest);
  std::string finishHex();

 private:
  EVP_MD* method_;
  EVP_MD_CTX* context_;
};

class VerityTree {
 public:
  // `onLeaves` gets the hashes of the blocks of each `update`, in order, 32 bytes a block.
  using OnLeaves = std::function<void(std::span<const std::byte> leaves)>;
  explicit VerityTree(OnLeaves onLeaves);

  // `data` is zero-padded to a whole block; only the last update may hold a part of a block.
  void update(const std::byte* data, std::size_t bytes);
  // The fs-verity digest of the file, lower-case hex.
  std::string finishHex();

 private:
  struct Level {
    std::array<std::byte, kBlockBytes> block{};
    std::size_t filled = 0;
    std::uint64_t hashes = 0;
  };
  void add(std::size_t level, const DigestBytes& hash);
  DigestBytes hashBlock(const std::byte* block);

  Digest digest_{Digest::Algorithm::sha256};
  OnLeaves onLeaves_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<std::byte> leaves_;
  std::uint64_t bytes_ = 0;
};

}  // namespace evidock
