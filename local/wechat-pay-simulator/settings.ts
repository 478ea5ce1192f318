import { z } from 'zod';
import { misbehaviourSchema, wellBehaved } from './misbehaviour/misbehaviour.ts';

export const settingsSchema = z.strictObject({
  /** 0.01: what takes WeChat Pay 15 s takes 150 ms here. */
  timeScale: z.number().positive(),
  /** After how long, on the scaled clock, a refund ends by itself; null: when it is told to. */
  settleAfterSeconds: z.number().nonnegative().nullable(),
  /** A bill is there on the next day at ten in Beijing, as in truth, or at any time. */
  bills: z.enum(['next-day', 'at-once']),
  /** Where a notify_url is reached that does not resolve here: an emulator's endpoint. */
  notifyThrough: z.object({ endpoint: z.url(), headers: z.record(z.string(), z.string()) }).nullable(),
  misbehaviour: misbehaviourSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  timeScale: 0.01,
  settleAfterSeconds: 60,
  bills: 'next-day',
  notifyThrough: null,
  misbehaviour: wellBehaved,
};

/** Part of them; the rest stays. */
export const settingsChangeSchema = settingsSchema.partial().extend({
  misbehaviour: misbehaviourSchema.partial().optional(),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export function changed(settings: Settings, change: SettingsChange): Settings {
  return { ...settings, ...change, misbehaviour: { ...settings.misbehaviour, ...change.misbehaviour } };
}
