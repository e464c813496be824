/**
 * The two things the USB dock cannot do by itself, as ports: looking at the kernel's USB tree (the truth is sysfs),
 * and what needs root (the privileged helper, native/helper). Both have a real and a simulated implementation.
 */

/** One USB device as sysfs shows it. Nothing here is believed: strings are the device's own words. */
export interface UsbDevice {
  /** Kernel name of the port path, such as `3-1.2`: bus, then ports; the socket it sits in. */
  readonly portPath: string;
  /** The host controller's device path (PCI address or platform name), because bus numbers move between boots. */
  readonly controller: string;
  readonly busNumber: number;
  readonly deviceNumber: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceClass: number;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  /** Mbit/s. */
  readonly speed: number | null;
  readonly authorised: boolean;
  readonly interfaces: readonly UsbInterface[];
  /** Block devices below it, with their partitions. */
  readonly disks: readonly UsbDisk[];
}

export interface UsbInterface {
  /** Such as `3-1.2:1.0`. */
  readonly name: string;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly authorised: boolean;
  /** Name of the bound kernel driver, null without one. */
  readonly driver: string | null;
}

export interface UsbDisk {
  /** Such as `sda`. */
  readonly name: string;
  /** Of the whole disk, in 512-byte sectors; 0 while no medium is there. */
  readonly sectors: number;
  /** Grows with every appearance of a disk; null on kernels without it. */
  readonly diskSequence: number | null;
  readonly readOnly: boolean;
  /** SCSI inquiry: vendor and model, trimmed. */
  readonly vendor: string;
  readonly model: string;
  /** SCSI generic node such as `sg0`, null without one. */
  readonly generic: string | null;
  readonly partitions: readonly { readonly name: string; readonly sectors: number }[];
}

export interface UsbTree {
  /**
   * Everything that is plugged in now, hubs left out. `undefined` means that this machine has no USB at all.
   * @throws the kernel's error when sysfs cannot be read
   */
  devices(): Promise<readonly UsbDevice[] | undefined>;
  /** Calls `listener` when it may have changed; a hint only. The returned function stops that. */
  onHint(listener: () => void): () => void;
}

export type CardFileSystem = 'vfat' | 'exfat' | 'ext4';

export interface MountRequest {
  /** Kernel name of the disk or partition, such as `sda1`. */
  readonly device: string;
  readonly fileSystem: CardFileSystem;
  /** FAT has local times: the offset of the recorder's zone to UTC, in minutes, chosen and recorded by the daemon. */
  readonly timeOffsetMinutes: number;
  /** True only for the moment of a clearing. */
  readonly writable: boolean;
}

export interface ScsiRequest {
  /** Kernel name of the generic node, such as `sg0`. */
  readonly generic: string;
  /** 6, 10, 12 or 16 bytes; the helper takes vendor opcodes 0xFB and 0xFD and INQUIRY (0x12) only. */
  readonly command: Uint8Array;
  readonly direction: 'to-device' | 'from-device' | 'none';
  /** To the device: the bytes. */
  readonly data?: Uint8Array;
  /** From the device: how many, at most 4096. */
  readonly length?: number;
  readonly timeoutMs: number;
}

export interface DeviceReadRequest {
  /** Kernel name of the disk or partition, such as `sda1`. */
  readonly device: string;
  readonly offset: number;
  readonly length: number;
}

export interface DeviceBytes {
  readonly bytes: Uint8Array;
  /** Size of the whole device. */
  readonly deviceBytes: number;
}

/**
 * What needs root. Every verb is refused for a device that does not sit in a calibrated socket of the dock.
 * @throws StationError helper-unavailable, helper-refused, helper-failed; the cause's `code` is the helper's own word
 */
export interface DockHelper {
  /** Sets the whole disk with all its partitions read-only in the kernel and reads that back. */
  setReadOnly(device: string): Promise<void>;
  /** For clearing only: holds for one writable mount, within a minute. Nothing of the device may be mounted. */
  setWritable(device: string): Promise<void>;
  /** The file system by its own signature on the device; null when none of ours. Never lets mount(8) guess. */
  identify(
    device: string,
  ): Promise<{ readonly fileSystem: CardFileSystem; readonly label: string; readonly uuid: string } | null>;
  /**
   * Mounts `ro,nosuid,nodev,noexec,noatime,nosymfollow` (plus `noload` on ext4, `utf8`, `keep_last_dots`) below its own
   * root. Refused unless the device is read-only in the kernel (writable: was made writable just before).
   */
  mount(request: MountRequest): Promise<{ readonly path: string; readonly options: string }>;
  /**
   * Plain unmount, lazy as the fallback for a device that is gone or a file that stays open. Safe twice. A writable
   * device is read-only again afterwards.
   * @throws StationError helper-failed, with the cause's code `flush-failed`, when a writable one is gone from there but
   * not all of it was certainly written
   */
  unmount(path: string): Promise<void>;
  /** Lets the kernel bind a driver to one interface of a device (interface_authorized_default is 0 on the dock). */
  authorise(interfaceName: string): Promise<void>;
  scsi(request: ScsiRequest): Promise<Uint8Array>;
  /**
   * The device's own bytes, past its file system and the page cache; only while it is read-only in the kernel. Offset
   * and length are multiples of 512, the length at most 61,440. Never fewer bytes than asked.
   * @throws StationError helper-failed, with the cause's code `device-gone` when it went away
   */
  readDevice(request: DeviceReadRequest): Promise<DeviceBytes>;
  /** Mounts that an earlier daemon left behind. */
  leftMounts(): Promise<readonly string[]>;
  close(): Promise<void>;
}
