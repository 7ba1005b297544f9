import type { KnownDeviceRow } from './known-devices-store.ts';

/** A device as callers see one: never what it is known by. */
export interface DeviceView {
  readonly deviceId: string;
  readonly userAgent: string | null;
  readonly sourceIp: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  /** Until when it stands in for a second factor; null: it does not. */
  readonly mfaSavedUntil: Date | null;
}

export const viewDevice = ({ knownDeviceId, ...device }: KnownDeviceRow): DeviceView => ({
  deviceId: knownDeviceId,
  userAgent: device.userAgent,
  sourceIp: device.sourceIp,
  createdAt: device.createdAt,
  lastSeenAt: device.lastSeenAt,
  mfaSavedUntil: device.mfaSavedUntil,
});
