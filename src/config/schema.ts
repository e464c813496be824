/**
 * Every key of the station's configuration. A room gets its own slice (`configuration.intake`) and its type, never
 * the whole. Lists and tables that a file gives replace the default as a whole; nothing is merged inside them.
 * A new key needs nothing but its line in a slice and a new example file (vitest -u on configuration.test.ts).
 */

import Type from 'typebox';
import { clearing, exporting, intake, ledger, names, scrub, vault } from './evidence-slices.ts';
import { keeping } from './keeping-slices.ts';
import { preview, probe } from './media-slices.ts';
import { people } from './people-slices.ts';
import { alerts, reports } from './report-slices.ts';
import {
  cases,
  coverage,
  dock,
  engine,
  importFolder,
  linking,
  log,
  recorders,
  station,
  usbDock,
  web,
} from './station-slices.ts';

export const configurationSchema = Type.Object(
  {
    station,
    log,
    engine,
    intake,
    clearing,
    vault,
    scrub,
    ledger,
    probe,
    names,
    web,
    dock,
    usbDock,
    importFolder,
    preview,
    recorders,
    people,
    coverage,
    alerts,
    reports,
    cases,
    keeping,
    linking,
    exporting,
  },
  { default: {}, additionalProperties: false },
);

export type Configuration = Type.Static<typeof configurationSchema>;
export type StationConfig = Configuration['station'];
export type LogConfig = Configuration['log'];
export type EngineConfig = Configuration['engine'];
export type IntakeConfig = Configuration['intake'];
export type ClearingConfig = Configuration['clearing'];
export type VaultConfig = Configuration['vault'];
export type LedgerConfig = Configuration['ledger'];
export type ProbeConfig = Configuration['probe'];
export type NamesConfig = Configuration['names'];
export type WebConfig = Configuration['web'];
export type DockConfig = Configuration['dock'];
export type UsbDockConfig = Configuration['usbDock'];
export type ImportFolderConfig = Configuration['importFolder'];
export type KeepingConfig = Configuration['keeping'];
export type PreviewConfig = Configuration['preview'];
export type CasesConfig = Configuration['cases'];
export type PeopleConfig = Configuration['people'];
export type RecordersConfig = Configuration['recorders'];
export type AlertsConfig = Configuration['alerts'];
export type ReportsConfig = Configuration['reports'];
export type CoverageConfig = Configuration['coverage'];
