/**
 * What a recorder's own protocol can do, one interface for all of them. A driver speaks to one plugged-in recorder; a
 * plain mass-storage recorder has none of this. What a protocol lacks is `undefined`, never an invention. Passwords
 * come from configuration and are never logged.
 */

export interface RecorderIdentity {
  /** Vendor and model code; names the product, not the unit. */
  readonly idCode: string | null;
  readonly serial: string | null;
  /** As set on the recorder. */
  readonly officer: string | null;
  readonly officerName: string | null;
  readonly unitCode: string | null;
  readonly unitName: string | null;
}

export interface RecorderCondition {
  /** 0..100, null when the recorder does not say. */
  readonly batteryPercent: number | null;
  readonly card: 'present' | 'missing' | 'unknown';
  readonly resolution: { readonly width: number; readonly height: number } | null;
}

/** `YYYY-MM-DDTHH:MM:SS` by the recorder's clock. */
export type RecorderLocalTime = string;

export interface RecorderDriver {
  readonly name: string;
  /** @throws StationError recorder-silent */
  identify(): Promise<RecorderIdentity>;
  /**
   * Tries the configured passwords, each once, so that a wrong one cannot lock the recorder.
   * @throws StationError recorder-password-wrong
   */
  unlock(passwords: readonly string[]): Promise<void>;
  readonly readClock?: () => Promise<RecorderLocalTime>;
  setClock(local: RecorderLocalTime): Promise<void>;
  condition(): Promise<RecorderCondition>;
  writeOfficer(identity: RecorderIdentity): Promise<void>;
  /**
   * Makes the recorder show its card as a disk; it leaves the bus and comes back as another device.
   * @throws StationError recorder-card-missing, recorder-still-recording
   */
  enterDiskMode(): Promise<void>;
}
