/**
 * The shipped rules for files that stay on a recorder. Only what an operating system itself writes is named here.
 * What lies in a recycle bin, a trash folder, LOST.DIR or lost+found was written by the recorder and moved by
 * somebody: that is evidence, perhaps the most telling, so it is taken, and only the bins' own notes stay behind.
 */

export const defaultSkipRules: { id: string; path: string; reason: string }[] = [
  {
    id: 'windows-system-volume',
    path: 'System Volume Information/',
    reason: "Windows' own folder for restore points and its index",
  },
  { id: 'windows-recycle-notes', path: '$RECYCLE.BIN/**/$I*', reason: "Windows' note about a deleted file" },
  {
    id: 'windows-recycle-settings',
    path: '$RECYCLE.BIN/**/desktop.ini',
    reason: "Windows' settings of its recycle bin",
  },
  { id: 'linux-trash-notes', path: '.Trash-*/info/', reason: "a Linux desktop's notes about deleted files" },
  { id: 'macos-events', path: '.fseventsd/', reason: "macOS's log of file events" },
  { id: 'macos-index', path: '.Spotlight-V100/', reason: "macOS's search index" },
  { id: 'macos-folder-view', path: '**/.DS_Store', reason: "macOS's window settings of a folder" },
];
