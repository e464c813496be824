/**
 * Every text that the command line shows to people, Chinese first and English. A text with values is a function.
 * The type makes a missing translation an error. Results that programs read are not texts and stay English.
 */

export type Language = 'zh' | 'en';
type Texts<T> = { readonly [L in Language]: T };

export interface CliTexts {
  readonly error: string;
  readonly next: string;
  readonly systemError: string;
  readonly outputLost: string;
  readonly findingsNone: string;
  readonly findingsCount: (count: number) => string;
  readonly progress: (done: number, files: number, doneSize: string, size: string, rate: string) => string;
  readonly outcome: {
    readonly [O in 'sealed' | 'already-held' | 'skipped' | 'refused' | 'failed' | 'not-taken']: string;
  };
  readonly dockingEnded: (counts: {
    files: number;
    sealed: number;
    held: number;
    skipped: number;
    refused: number;
    failed: number;
  }) => string;
  readonly cancelled: string;
  readonly checked: (originals: number, records: number, documents: number, tiles: number) => string;
  readonly registryNotCompared: string;
  readonly rebuilt: (records: number, clips: number, dockings: number, findings: number) => string;
  readonly heldBy: (pid: number, command: string, since: string) => string;
  readonly workingThrough: (pid: number, command: string) => string;
  readonly runsAsOwner: (uid: number) => string;
  readonly ok: string;
  readonly missing: string;
  readonly clipsNone: string;
  readonly running: (address: string, dataFolder: string) => string;
  readonly demoPreparing: string;
  readonly demoRunning: string;
}

export const cliTexts: Texts<CliTexts> = {
  zh: {
    error: '错误',
    next: '下一步',
    systemError: '操作系统或磁盘报错。',
    outputLost: '结果未能全部写到标准输出。',
    findingsNone: '未发现异常。',
    findingsCount: (count) => `发现 ${count} 处异常。`,
    progress: (done, files, doneSize, size, rate) => `已处理 ${done}/${files} 个文件，${doneSize}/${size}，${rate}/秒`,
    outcome: {
      sealed: '已固定',
      'already-held': '已在库',
      skipped: '已跳过',
      refused: '不采集',
      failed: '失败',
      'not-taken': '未采集',
    },
    dockingEnded: (c) =>
      `清点 ${c.files} 个文件：已固定 ${c.sealed}，已在库 ${c.held}，已跳过 ${c.skipped}，不采集 ${c.refused}，失败 ${c.failed}。`,
    cancelled: '已中止；已固定的保持不变，再次运行同一命令可继续。',
    checked: (originals, records, documents, tiles) =>
      `已核验：原始数据 ${originals}，记录 ${records}，文书 ${documents}，树块 ${tiles}。`,
    registryNotCompared: '未比对登记库（数据目录正由另一进程使用，或存证日志本身有异常）。',
    rebuilt: (records, clips, dockings, findings) =>
      `已由 ${records} 条记录重建登记库：视音频文件 ${clips}，接入 ${dockings}，异常 ${findings}。`,
    heldBy: (pid, command, since) => `数据目录正由进程 ${pid}（${command}，自 ${since} 起）占用。`,
    workingThrough: (pid, command) => `数据目录由进程 ${pid}（${command}）管理，命令交由它执行。`,
    runsAsOwner: (uid) => `以数据目录属主（uid ${uid}）的身份运行。`,
    ok: '正常',
    missing: '缺少',
    clipsNone: '还没有已固定的视音频文件。',
    running: (address, dataFolder) => `采集站已运行：${address}/ （数据目录 ${dataFolder}），按 Ctrl-C 停止。`,
    demoPreparing: '演示：正在准备名册和第一批模拟记录仪的视频，约需几秒。',
    demoRunning: '演示：记录仪会陆续接入、采集、取走；首批预览约一分钟内可播放。',
  },
  en: {
    error: 'error',
    next: 'next',
    systemError: 'The system or its disk reported an error.',
    outputLost: 'The result could not be written to standard output.',
    findingsNone: 'No findings.',
    findingsCount: (count) => (count === 1 ? '1 finding.' : `${count} findings.`),
    progress: (done, files, doneSize, size, rate) => `${done}/${files} files, ${doneSize} of ${size}, ${rate}/s`,
    outcome: {
      sealed: 'sealed',
      'already-held': 'already held',
      skipped: 'skipped',
      refused: 'refused',
      failed: 'failed',
      'not-taken': 'not taken',
    },
    dockingEnded: (c) =>
      `${c.files} files listed: ${c.sealed} sealed, ${c.held} already held, ${c.skipped} skipped, ${c.refused} refused, ${c.failed} failed.`,
    cancelled: 'Cancelled; what is sealed stays sealed, and the same command goes on from here.',
    checked: (originals, records, documents, tiles) =>
      `Checked ${originals} originals, ${records} records, ${documents} documents, ${tiles} tiles.`,
    registryNotCompared:
      'The registry was not compared (another process uses the folder, or the ledger itself has findings).',
    rebuilt: (records, clips, dockings, findings) =>
      `Registry rebuilt from ${records} records: ${clips} clips, ${dockings} dockings, ${findings} findings.`,
    heldBy: (pid, command, since) => `The data folder is in use by process ${pid} (${command}, since ${since}).`,
    workingThrough: (pid, command) => `Process ${pid} (${command}) owns the data folder and carries the command out.`,
    runsAsOwner: (uid) => `Running as the owner of the data folder (uid ${uid}).`,
    ok: 'ok',
    missing: 'missing',
    clipsNone: 'No clip has been sealed yet.',
    running: (address, dataFolder) => `The station runs: ${address}/ (data folder ${dataFolder}); Ctrl-C stops it.`,
    demoPreparing: 'Demo: preparing a roster and footage for the first simulated recorders; a few seconds.',
    demoRunning:
      'Demo: recorders dock, are read and taken out by and by; the first previews play within about a minute.',
  },
};
