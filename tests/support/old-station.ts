/**
 * A data folder whose clips were sealed years ago: the station itself takes them in, while the date of this process is
 * another one. Commands that follow run with the real date, so that periods are over.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { vi } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';

/** Text that the probe knows for a recorder's log, different for each name. */
export const logText = (name: string): string => `${'2024-01-05 08:00:00 REC START\r\n'.repeat(40)}${name}\r\n`;

export interface OldStation {
  readonly data: string;
  readonly card: string;
  readonly names: readonly string[];
  readonly sealedAt: Date;
  /** Text of config.yaml. */
  readonly configuration?: string;
}

/** Writes the names onto a card and takes them in, at that time. */
export async function sealThen({ data, card, names, sealedAt, configuration = '' }: OldStation): Promise<void> {
  mkdirSync(card, { recursive: true });
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'config.yaml'), configuration);
  for (const name of names) writeFileSync(join(card, name), logText(name));
  vi.useFakeTimers({ toFake: ['Date'], now: sealedAt });
  try {
    const log = pino({ level: 'silent' });
    const parsed = parseConfiguration(configuration, 'config.yaml');
    const station = await Station.open({
      dataFolder: data,
      configuration: parsed,
      log,
      command: 'test',
      version: 'test',
    });
    try {
      await station.intake.ingest(
        {
          ...{ kind: 'ingest', root: Buffer.from(card), recorder: 'TA00716', recorderBasis: 'given' },
          ...{ rereadHeld: 'never', actor: systemActor, awaitsProbe: true },
        },
        { signal: new AbortController().signal, onEvent: () => undefined, onProgress: () => undefined },
      );
    } finally {
      await station.close();
    }
  } finally {
    vi.useRealTimers();
  }
}
