/** `evidock link`: ties a clip to a case or an officer by hand; the reason stands in the ledger. */
import { importTexts } from '../texts/import-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

export const linkCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'link',
  summary: '手工关联视音频文件与案件或人员 / tie a clip to a case or an officer by hand',
  usage: 'evidock link CLIP (--case NUMBER | --officer CERTIFICATE_NO) --reason TEXT --data DIR [--json]',
  options: {
    case: { type: 'string', value: 'NUMBER', help: '案号，须已导入 / case number, as imported' },
    officer: { type: 'string', value: 'NUMBER', help: '执法证号，须在名册中 / certificate number, as in the roster' },
    reason: { type: 'string', value: 'TEXT', help: '理由，写入存证日志 / why; it stands in the ledger' },
    json: { type: 'boolean', help: '输出 JSON / JSON on stdout' },
  },
  positionals: [{ name: 'CLIP', isPath: false }],
  exits: '0 done, 1 no such clip, case or officer',
  check({ values }) {
    if ((values.case === undefined) === (values.officer === undefined)) return 'give one of --case and --officer';
    const reason = String(values.reason ?? '').trim();
    return reason.length === 0 || reason.length > 2000 ? '--reason: say why, in at most 2000 characters' : undefined;
  },
  async run(station, call, io) {
    const clip = call.positionals[0] as string;
    const target = call.values.case === undefined ? 'officer' : 'case';
    const number = await station.people.link({
      clip,
      target,
      number: (call.values[target] as string).trim(),
      reason: (call.values.reason as string).trim(),
      actor: { kind: 'person', id: call.actorId },
    });
    if (call.values.json === true) io.out(JSON.stringify({ event: 'linked', clip, target, number }));
    else io.out(importTexts[call.language].linked(clip, number));
    return exitCodes.done;
  },
};
