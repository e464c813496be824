/** The table of commands: by what people come for, in the order in which help lists them. */
import { alarmCommands } from './alarm-commands.ts';
import { casesCommands } from './cases-commands.ts';
import { checkOutCommands } from './check-out-commands.ts';
import { checkpointCommand } from './checkpoint-command.ts';
import { clearingCommands } from './clearing-commands.ts';
import { clipsCommand } from './clips-command.ts';
import type { Command } from './command.ts';
import { configCommand } from './config-command.ts';
import { coverageBookCommands } from './coverage-book-commands.ts';
import { coverageCommand } from './coverage-command.ts';
import { coverageTimeCommands } from './coverage-time-commands.ts';
import { deleteCommands } from './delete-command.ts';
import { dockingsCommand } from './dockings-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { drawingCommands } from './drawing-commands.ts';
import { exchangeCommand } from './exchange-command.ts';
import { exportCommand } from './export-command.ts';
import { fsckCommand } from './fsck-command.ts';
import { handoverCommand } from './handover-command.ts';
import { holdCommands } from './hold-commands.ts';
import { importCommands } from './import-commands.ts';
import { ingestCommand } from './ingest-command.ts';
import { keepingCommands } from './keeping-commands.ts';
import { keysCommands } from './keys-commands.ts';
import { linkCommands } from './link-command.ts';
import { mirrorsCommands } from './mirrors-command.ts';
import { proofCommand } from './proof-command.ts';
import { queueCommand } from './queue-command.ts';
import { rebuildCommand } from './rebuild-command.ts';
import { receiptCommands } from './receipt-commands.ts';
import { recorderChangeCommands } from './recorder-change-commands.ts';
import { recorderListCommands } from './recorder-list-commands.ts';
import { recordersAddCommand } from './recorders-add-command.ts';
import { rosterCommands } from './roster-commands.ts';
import { runStationCommand } from './run-station-command.ts';
import { scrubCommand } from './scrub-command.ts';
import { slotsCommands } from './slots-command.ts';
import { trustCommand } from './trust-command.ts';
import { urgentCommand } from './urgent-command.ts';
import { verifyCommand } from './verify-command.ts';
import { witnessCommands } from './witness-commands.ts';

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

export const commandGroups: readonly CommandGroup[] = [
  {
    title: '采集 / taking footage',
    commands: [
      runStationCommand,
      ingestCommand,
      clipsCommand,
      dockingsCommand,
      ...receiptCommands,
      ...clearingCommands,
      ...slotsCommands,
      urgentCommand,
    ],
  },
  {
    title: '人员与记录仪 / people and recorders',
    commands: [
      ...importCommands,
      ...rosterCommands,
      recordersAddCommand,
      ...recorderListCommands,
      ...recorderChangeCommands,
      ...checkOutCommands,
    ],
  },
  {
    title: '案件与关联 / cases and links',
    commands: [...casesCommands, ...linkCommands, queueCommand, ...drawingCommands],
  },
  {
    title: '配置率 / coverage',
    commands: [coverageCommand, ...coverageTimeCommands, ...coverageBookCommands, exchangeCommand],
  },
  {
    title: '保管 / keeping',
    commands: [...keepingCommands, ...holdCommands, ...deleteCommands, ...mirrorsCommands, scrubCommand],
  },
  {
    title: '证明与核验 / proving and verifying',
    commands: [
      exportCommand,
      verifyCommand,
      trustCommand,
      proofCommand,
      checkpointCommand,
      handoverCommand,
      ...alarmCommands,
      ...witnessCommands,
      ...keysCommands,
    ],
  },
  { title: '系统 / the machine', commands: [doctorCommand, fsckCommand, rebuildCommand, configCommand] },
];

export const commands: readonly Command[] = commandGroups.flatMap((group) => group.commands);

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** Commands that begin with a word: what somebody meant who typed only that. */
export function commandsBelow(word: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}
