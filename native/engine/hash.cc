// hash(): the digests of a file that is already there, and which of its blocks differ from a file of leaf hashes.
#include <fcntl.h>

#include <array>
#include <cstring>

#include "copy.h"
#include "limits.h"
#include "reading-pass.h"

namespace evidock {

namespace {

// Follows the leaf hashes of the reading pass and notes where the blocks file says otherwise.
class BlockComparer {
 public:
  BlockComparer(const std::string& path, std::uint64_t fileBytes) {
    try {
      file_ = File::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, Side::target);
    } catch (const Failure& failure) {
      if (failure.number != ENOENT) throw;
      result_.state = "missing";
      return;
    }
    const struct stat status = file_.status();
    const std::uint64_t blocks = roundUpToBlock(fileBytes) / kBlockBytes;
    const bool fits = S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) == blocks * kDigestBytes;
    result_.state = fits ? "equal" : "malformed";
  }

  void take(std::span<const std::byte> leaves) {
    if (result_.state == "missing" || result_.state == "malformed") return;
    known_.resize(leaves.size());
    if (file_.readAt(known_.data(), known_.size(), block_ * kDigestBytes) != known_.size()) {
      result_ = {.state = "malformed", .ranges = {}};
      return;
    }
    for (std::size_t at = 0; at < leaves.size(); at += kDigestBytes, ++block_) {
      if (std::memcmp(leaves.data() + at, known_.data() + at, kDigestBytes) != 0) note(block_);
    }
  }

  BlockComparison result() const { return result_; }

 private:
  void note(std::uint64_t block) {
    result_.state = "differ";
    if (!result_.ranges.empty() && result_.ranges.back().second + 1 == block) result_.ranges.back().second = block;
    else if (result_.ranges.size() < kBlockRangesMax) result_.ranges.emplace_back(block, block);
  }

  File file_;
  BlockComparison result_;
  std::vector<std::byte> known_;
  std::uint64_t block_ = 0;
};

// Where there is no O_DIRECT the pages are dropped instead, as far as the kernel does it.
void readPastCache(File& file) {
  file.dropPages();
  if (!file.setDirect(true)) return;
  alignas(kBlockBytes) std::array<std::byte, kBlockBytes> block;
  try {
    file.readAt(block.data(), block.size(), 0);
  } catch (const Failure& failure) {
    // Some file systems take the flag and refuse the read; any other error comes again in the reading pass.
    if (failure.number == EINVAL) file.setDirect(false);
  }
}

}  // namespace

HashOutcome hashFile(const HashRequest& request, JobState& state) {
  Source source(request.root, request.path, request.expected);
  if (request.direct) readPastCache(source.file());
  std::optional<BlockComparer> comparer;
  if (!request.blocksFile.empty()) comparer.emplace(request.blocksFile, source.bytes());
  const Digests digests = readSource(
      source,
      {.sm3 = request.sm3,
       .keepsPages = !request.direct,
       .onLeaves = [&](std::span<const std::byte> leaves) { if (comparer) comparer->take(leaves); },
       .write = {}},
      state);
  HashOutcome outcome{.digests = digests, .blocks = {}};
  if (comparer) outcome.blocks = comparer->result();
  return outcome;
}

}  // namespace evidock
