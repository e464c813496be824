/**
 * A ZIP archive without the moment at which it was made: its entries get the earliest time that the format has, so that
 * the same tables give the same bytes whenever they are made. (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16; MS-DOS times.)
 */
const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endBytes = 22;
const entryBytes = 46;
/** Midnight of 1 January 1980. */
const earliestTime = 0;
const earliestDay = 0x21;

/** Changes the archive in place. One that is too large for plain offsets (ZIP64), or no archive, stays as it is. */
export function withoutTimes(archive: Buffer): Buffer {
  const end = archive.length - endBytes;
  if (end < 0 || archive.readUInt32LE(end) !== endOfDirectory) return archive;
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + entryBytes > end || archive.readUInt32LE(at) !== directoryEntry) return archive;
    setTimes(archive, at + 12);
    setTimes(archive, archive.readUInt32LE(at + 42) + 10);
    at += entryBytes + [28, 30, 32].reduce((sum, field) => sum + archive.readUInt16LE(at + field), 0);
  }
  return archive;
}

function setTimes(archive: Buffer, at: number): void {
  archive.writeUInt16LE(earliestTime, at);
  archive.writeUInt16LE(earliestDay, at + 2);
}
