import { z } from 'zod';

/** As SNS wraps what it puts into a queue (SNS, HTTP/HTTPS and SQS notification JSON format). */
const notificationSchema = z.object({ Subject: z.string().nullish(), Message: z.string() });

/** What CloudWatch tells of an alarm, as far as a person reads it at night. */
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.string(),
  NewStateReason: z.string().default(''),
  StateChangeTime: z.string().default(''),
  Region: z.string().default(''),
});

/** What was published to on-call's topic, for people: notices are that already, alarms are made so. Anything else is shown as it is. */
export function messageText(sqsBody: string): string {
  const notification = notificationSchema.safeParse(parsed(sqsBody));
  if (!notification.success) return sqsBody;
  const { Subject, Message } = notification.data;
  const alarm = alarmSchema.safeParse(parsed(Message));
  if (alarm.success) return alarmText(alarm.data);
  // A notice's text says what its subject says.
  return Message.startsWith('Warren ') || Message.startsWith('ESCALATION') || !Subject
    ? Message
    : `${Subject}\n${Message}`;
}

function alarmText({ AlarmName, AlarmDescription, NewStateReason, ...alarm }: z.infer<typeof alarmSchema>): string {
  const isOver = alarm.NewStateValue === 'OK';
  return [
    `Warren: ${isOver ? 'over' : alarm.NewStateValue}: ${AlarmName}`,
    ...(AlarmDescription ? [`${isOver ? 'It was: ' : ''}${AlarmDescription}`] : []),
    ...(NewStateReason ? [NewStateReason] : []),
    [alarm.Region, alarm.StateChangeTime].filter(Boolean).join(', '),
  ]
    .filter(Boolean)
    .join('\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
