/**
 * `evidock receipt DOCKING` and `evidock receipt check CODE`: what a docking handed in, and whether the station still
 * has it. The slip with its QR code is the page `/dockings/<id>/receipt`.
 */
import type { Receipt } from '../domain/receipt.ts';
import { receiptTextMax } from '../domain/receipt-text.ts';
import { cliTexts, type Language } from '../texts/cli-texts.ts';
import { receiptTexts } from '../texts/receipt-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

const receiptCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'receipt',
  summary: '开具某次接入的交接回执 / the receipt of a docking',
  usage: 'evidock receipt DOCKING --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON / one JSON object on stdout' } },
  positionals: [{ name: 'DOCKING', isPath: false }],
  exits: '0 done, 1 no such docking, or it has not ended',
  async run(station, call, io) {
    const receipt = await station.receipts.receipt(call.positionals[0] as string);
    if (call.values.json === true) io.out(JSON.stringify(receipt));
    else for (const line of receiptLines(receipt, (iso) => station.shownTime(iso), call.language)) io.out(line);
    return exitCodes.done;
  },
};

const checkCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'receipt check',
  summary: '凭回执码核对文件是否仍在库 / whether the station still has what a receipt says',
  usage: 'evidock receipt check CODE --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON / one JSON object on stdout' } },
  positionals: [{ name: 'CODE', isPath: false }],
  exits: '0 everything is there, 1 something is not, or the code cannot be read',
  check: ({ positionals }) =>
    (positionals[0] ?? '').length > receiptTextMax
      ? `回执码至多 ${receiptTextMax} 个字符 / a code has at most ${receiptTextMax} letters`
      : undefined,
  async run(station, call, io) {
    const checked = await station.receipts.check(call.positionals[0] as string);
    const texts = receiptTexts[call.language];
    const isGood = checked.kind === 'checked' && checked.findingsCount === 0;
    if (call.values.json === true) io.out(JSON.stringify({ good: isGood, ...checked }));
    else if (checked.kind === 'unreadable')
      io.err(`${cliTexts[call.language].error}: ${texts.troubles[checked.trouble]}`);
    else if (isGood)
      io.out(`${texts.good}${call.language === 'zh' ? '。' : '. '}${texts.goodText(String(checked.clips))}`);
    else {
      io.out(`${texts.bad}: ${texts.badText(String(checked.findingsCount))}`);
      for (const { code, about } of checked.findings) io.out(`  [${code}] ${texts.findings[code]} ${about}`);
    }
    return isGood ? exitCodes.done : exitCodes.incomplete;
  },
};

function receiptLines(
  { station, docking, facts, text }: Receipt,
  shown: (iso: string | null) => string,
  language: Language,
): string[] {
  const texts = receiptTexts[language];
  const rows: readonly (readonly [string, string])[] = [
    [texts.station, `${station.name} ${station.id}`],
    [texts.recorder, docking.recorder ?? '-'],
    [texts.slot, docking.slot ?? '-'],
    [texts.docking, docking.docking],
    [texts.startedAt, shown(docking.startedAt)],
    [texts.endedAt, shown(docking.endedAt)],
    [texts.listed, String(facts.listed)],
    [texts.kept, `${facts.kept} (${texts.keptOf(String(docking.sealed), String(docking.held ?? 0))})`],
    [texts.skipped, String(docking.skipped ?? 0)],
    [texts.missing, String(facts.missing)],
    [texts.inventory, facts.inventory],
    [texts.checkpoint, texts.checkpointText(String(facts.size), facts.root)],
    [texts.code, text],
  ];
  return [
    ...rows.map(([name, value]) => `${name}: ${value}`),
    ...(docking.state === 'interrupted' ? [texts.interrupted] : []),
    ...(facts.missing > 0 ? [texts.missingNext] : []),
  ];
}

export const receiptCommands = [receiptCommand, checkCommand] as const;
