/**
 * Hints from the package `usb` that something was plugged in or taken out. They come late or never (58 of 120 with 24
 * recorders at once), so nothing depends on them: the dock is looked at every second anyway. No device is opened.
 */
import { errorCode } from '../../domain/errors.ts';
import type { DockLog } from '../dock-log.ts';

/** What is used of the package `usb`, which follows WebUSB. */
export interface WebUsbEvents {
  getDevices(): Promise<readonly unknown[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
  removeEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
}

const kinds = ['connect', 'disconnect'] as const;

/** Loaded when first needed: a library that does not fit this machine costs the hints and nothing else. */
const loadUsb = async (): Promise<WebUsbEvents> => (await import('usb')).usb;

/** For SysfsTree. The returned function of each call ends it, also while the package is still being loaded. */
export function usbHints(log: DockLog, load: () => Promise<WebUsbEvents> = loadUsb) {
  return (listener: () => void): (() => void) => {
    let stopped = false;
    let events: WebUsbEvents | undefined;
    // A function of its own for each caller: the same one added twice would be one.
    const hint = (): void => listener();
    const begin = async (): Promise<void> => {
      try {
        const usb = await load();
        // Listening ends the process on a machine without USB, by a rejection nobody can catch. Asking first is safe.
        await usb.getDevices();
        if (stopped) return;
        events = usb;
        for (const kind of kinds) usb.addEventListener(kind, hint);
      } catch (error) {
        log.info({ code: errorCode(error) }, 'no hints from USB; the dock is looked at every second');
      }
    };
    void begin();
    return () => {
      stopped = true;
      for (const kind of kinds) events?.removeEventListener(kind, hint);
      events = undefined;
    };
  };
}
