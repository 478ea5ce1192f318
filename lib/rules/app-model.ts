import type { IConstruct } from 'constructs';
import { type AppResources, appResources, type Resource } from './app-resources.ts';
import { at, textOf } from './properties.ts';

/** The app as the rules see it: which queues there are, where their messages go when they fail, and who consumes them. */
export interface AppModel {
  readonly resources: AppResources;
  readonly queues: readonly Resource[];
  readonly redrives: readonly Redrive[];
  /** Queues that take what failed elsewhere: in another queue, a stream mapping, a subscription, a schedule. */
  readonly deadLetterQueues: ReadonlySet<Resource>;
  readonly mappings: readonly QueueMapping[];
  /** The mappings whose two ends are known. */
  readonly consumptions: readonly Consumption[];
}

/** A queue with a redrive policy. No dead-letter queue: the policy names one that is not in this app. */
export interface Redrive {
  readonly source: Resource;
  readonly deadLetterQueue: Resource | undefined;
}

/** An event source mapping that reads SQS, or may: an end is undefined when synth cannot tell which resource it is. */
export interface QueueMapping {
  readonly mapping: Resource;
  readonly queue: Resource | undefined;
  readonly fn: Resource | undefined;
}

export interface Consumption extends QueueMapping {
  readonly queue: Resource;
  readonly fn: Resource;
}

export function appModel(root: IConstruct): AppModel {
  const resources = appResources(root);
  const queues = resources.ofType('AWS::SQS::Queue');
  const redrives = queues.filter(hasRedrivePolicy).map((source) => ({
    source,
    deadLetterQueue: queueIn(resources, at(source.properties, 'RedrivePolicy', 'deadLetterTargetArn'), source),
  }));
  const mappings = resources
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter((mapping) => mayReadQueue(resources, mapping))
    .map((mapping) => ({
      mapping,
      queue: queueIn(resources, mapping.properties['EventSourceArn'], mapping),
      fn: functionIn(resources, mapping.properties['FunctionName'], mapping),
    }));
  const deadLetterQueues = new Set([
    ...redrives.flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []),
    ...failureDestinations(resources),
  ]);
  return { resources, queues, redrives, deadLetterQueues, mappings, consumptions: mappings.filter(isConsumption) };
}

export function queueIn(resources: AppResources, value: unknown, from: Resource): Resource | undefined {
  return resources.referredTo(value, from).find(({ type }) => type === 'AWS::SQS::Queue');
}

function functionIn(resources: AppResources, value: unknown, from: Resource): Resource | undefined {
  const target = resources.referredTo(value, from).find(({ type }) => type.startsWith('AWS::Lambda::'));
  if (target === undefined || target.type === 'AWS::Lambda::Function') return target;
  // an alias or a version names its function in the same property
  return functionIn(resources, target.properties['FunctionName'], target);
}

function hasRedrivePolicy({ properties }: Resource): boolean {
  return properties['RedrivePolicy'] !== undefined;
}

function isConsumption(mapping: QueueMapping): mapping is Consumption {
  return mapping.queue !== undefined && mapping.fn !== undefined;
}

/** False only for a source that is certainly something else: a stream, a broker, a self-managed cluster. */
function mayReadQueue(resources: AppResources, mapping: Resource): boolean {
  const source = mapping.properties['EventSourceArn'];
  if (source === undefined) return false;
  const targets = resources.referredTo(source, mapping);
  if (targets.some(({ type }) => type === 'AWS::SQS::Queue')) return true;
  if (targets.some(({ type }) => type.startsWith('AWS::') && !type.startsWith('AWS::CloudFormation::'))) return false;
  const [, , service = '?'] = textOf(source).split(':');
  return service === 'sqs' || service === '?';
}

const failureProperties: readonly { readonly type: string; readonly property: readonly string[] }[] = [
  { type: 'AWS::Lambda::EventSourceMapping', property: ['DestinationConfig', 'OnFailure', 'Destination'] },
  { type: 'AWS::Lambda::EventInvokeConfig', property: ['DestinationConfig', 'OnFailure', 'Destination'] },
  { type: 'AWS::Lambda::Function', property: ['DeadLetterConfig', 'TargetArn'] },
  { type: 'AWS::SNS::Subscription', property: ['RedrivePolicy', 'deadLetterTargetArn'] },
  { type: 'AWS::Scheduler::Schedule', property: ['Target', 'DeadLetterConfig', 'Arn'] },
  { type: 'AWS::Events::Rule', property: ['Targets', 'DeadLetterConfig', 'Arn'] },
];

function failureDestinations(resources: AppResources): Resource[] {
  return failureProperties.flatMap(({ type, property }) =>
    resources
      .ofType(type)
      .flatMap((resource) =>
        at(resource.properties, ...property).flatMap((value) => queueIn(resources, value, resource) ?? []),
      ),
  );
}
