/** `evidock fsck`: its words; what it does is loaded when it is asked for. */
import type { AloneCommand } from './command.ts';

export const fsckCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: true,
  name: 'fsck',
  summary: '核验证据库、存证日志、文书与登记库 / verify vault, ledger, documents and registry; mends nothing',
  usage: 'evidock fsck --data DIR [--mirrors] [--coverage] [--json]',
  options: {
    mirrors: { type: 'boolean', help: '也核验配置的镜像 / the configured mirrors too; one that is away is a finding' },
    coverage: {
      type: 'boolean',
      help: '配置率缓存逐人重算核对，默认抽查 / the coverage cache for everybody, not a sample of people',
    },
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a finding, then checked' },
  },
  positionals: [],
  exits: '0 no findings, 1 findings, 130 cancelled',
  async run(context, call, io) {
    const { checkStore } = await import('./fsck-work.ts');
    return checkStore(context, call, io);
  },
};
