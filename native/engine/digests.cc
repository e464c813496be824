#include "digests.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace evidock {

namespace {
void require(int ok, const char* what) {
  if (ok != 1) throw std::runtime_error(std::string("OpenSSL: ") + what + " failed");
}
}  // namespace

std::string toHex(std::span<const std::byte> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

Digest::Digest(Algorithm algorithm)
    : method_(EVP_MD_fetch(nullptr, algorithm == Algorithm::sm3 ? "SM3" : "SHA256", nullptr)),
      context_(EVP_MD_CTX_new()) {
  const int ok = method_ != nullptr && context_ != nullptr && EVP_DigestInit_ex2(context_, method_, nullptr) == 1;
  if (!ok) {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(method_);
    throw std::runtime_error("OpenSSL: the digest is not available");
  }
}

Digest::~Digest() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(method_);
}

void Digest::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

void Digest::finish(std::byte* digest) {
  require(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest), nullptr), "EVP_DigestFinal_ex");
  require(EVP_DigestInit_ex2(context_, method_, nullptr), "EVP_DigestInit_ex2");
}

std::string Digest::finishHex() {
  DigestBytes digest;
  finish(digest.data());
  return toHex(digest);
}

VerityTree::VerityTree(OnLeaves onLeaves) : onLeaves_(std::move(onLeaves)) {}

void VerityTree::update(const std::byte* data, std::size_t bytes) {
  leaves_.clear();
  for (std::size_t at = 0; at < bytes; at += kBlockBytes) {
    const DigestBytes hash = hashBlock(data + at);
    leaves_.insert(leaves_.end(), hash.begin(), hash.end());
    add(0, hash);
  }
  bytes_ += bytes;
  if (onLeaves_) onLeaves_(leaves_);
}

std::string VerityTree::finishHex() {
  // The digest of a file is that of this descriptor (struct fsverity_descriptor, 256 bytes).
  std::array<std::byte, 256> descriptor{};
  descriptor[0] = std::byte{1};   // version
  descriptor[1] = std::byte{1};   // hash algorithm: SHA-256
  descriptor[2] = std::byte{12};  // log2 of the block size
  for (std::size_t i = 0; i < 8; ++i) descriptor[8 + i] = std::byte(bytes_ >> (8 * i) & 255);
  // A level with a single hash that nothing lies above is the root; an empty file's root is all zeros.
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const bool isTop = level + 1 == levels_.size();
    if (isTop && levels_[level]->hashes == 1) {
      std::copy_n(levels_[level]->block.begin(), kDigestBytes, descriptor.begin() + 16);
    } else if (levels_[level]->filled > 0) {
      add(level + 1, hashBlock(levels_[level]->block.data()));
    }
  }
  digest_.update(descriptor);
  return digest_.finishHex();
}

void VerityTree::add(std::size_t level, const DigestBytes& hash) {
  if (level == levels_.size()) levels_.push_back(std::make_unique<Level>());
  Level& here = *levels_[level];
  std::copy(hash.begin(), hash.end(), here.block.begin() + static_cast<std::ptrdiff_t>(here.filled));
  here.filled += kDigestBytes;
  here.hashes += 1;
  if (here.filled < kBlockBytes) return;
  add(level + 1, hashBlock(here.block.data()));
  here.block.fill(std::byte{0});
  here.filled = 0;
}

DigestBytes VerityTree::hashBlock(const std::byte* block) {
  DigestBytes hash;
  digest_.update({block, kBlockBytes});
  digest_.finish(hash.data());
  return hash;
}

}  // namespace evidock
