import {
  CfnElement,
  CfnResource,
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  type Stack,
  Stage,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { at, isRecord, textOf } from './properties.ts';

/** One CloudFormation resource of the app, as the template will say it, except that `Ref` and `Fn::GetAtt` name construct paths. */
export interface Resource {
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly logicalId: string;
  readonly stack: Stack;
}

export interface AppResources {
  ofType(...types: string[]): Resource[];
  /** The resources a property refers to: by token (whatever the stack), by logical id in its own stack, or by physical name. */
  referredTo(value: unknown, from: Resource): Resource[];
}

/**
 * Every resource below `root`, in all stacks, nested stacks and stages, whatever construct made it: L2, L1, `CfnResource`, an included
 * template. Rules read the rendered properties rather than the typed ones, so they also see `addPropertyOverride`.
 */
export function appResources(root: IConstruct): AppResources {
  const resources = root.node.findAll().filter(CfnResource.isCfnResource).map(resourceOf);
  const byPath = new Map(resources.map((resource) => [resource.path, resource]));
  const byType = Map.groupBy(resources, (resource) => resource.type);
  const byLogicalId = memoized(
    () => new Map(resources.map((resource) => [`${resource.stack.node.path}:${resource.logicalId}`, resource])),
  );
  const byPhysicalName = memoized(() => Map.groupBy(named(byType), ([name]) => name));

  const namedIn = (value: unknown, from: Resource): Resource[] => {
    const candidates = namesIn(value).flatMap((name) => byPhysicalName().get(name) ?? []);
    const resources = candidates.map(([, resource]) => resource).filter((resource) => sameStage(resource, from));
    const ownStack = resources.filter((resource) => resource.stack === from.stack);
    return ownStack.length > 0 ? ownStack : resources;
  };

  return {
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    referredTo(value, from) {
      const ids = idsIn(value);
      const found = ids.flatMap((id) => byPath.get(id) ?? byLogicalId().get(`${from.stack.node.path}:${id}`) ?? []);
      return found.length > 0 ? found : namedIn(value, from);
    },
  };
}

function resourceOf(construct: CfnResource): Resource {
  const properties = memoized(() => render(construct));
  return {
    path: construct.node.path,
    type: construct.cfnResourceType,
    stack: construct.stack,
    get logicalId() {
      return textOf(construct.stack.resolve(construct.logicalId));
    },
    get properties() {
      return properties();
    },
  };
}

/** `_toCloudFormation` is what `Stack` itself renders with: the one place where typed properties and raw overrides are already merged. */
function render(construct: CfnResource): Record<string, unknown> {
  const template: unknown = Tokenization.resolve(construct._toCloudFormation(), {
    scope: construct,
    resolver: pathResolver,
  });
  const [resources] = at(template, 'Resources');
  const [properties] = isRecord(resources) ? at(Object.values(resources), 'Properties') : [];
  return isRecord(properties) ? properties : {};
}

/** Leaves a reference as the path of its target: after CDK resolves it, one across stacks is only an import with a generated name. */
class PathResolver extends DefaultTokenResolver {
  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) return { Ref: token.target.node.path };
    return super.resolveToken(token, context, postProcessor);
  }
}

const joinFragments: IFragmentConcatenator = {
  join: (left: unknown, right: unknown): unknown => {
    const parts = [left, right].filter((part) => part !== undefined);
    return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
  },
};
const pathResolver = new PathResolver(joinFragments);

function idsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isRecord(value)) return [];
  const attribute = value['Fn::GetAtt'];
  const id = value['Ref'] ?? (typeof attribute === 'string' ? attribute.split('.')[0] : at(attribute)[0]);
  return typeof id === 'string' ? [id] : Object.values(value).flatMap(idsIn);
}

const physicalNames: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
};

function named(byType: Map<string, Resource[]>): [string, Resource][] {
  return Object.entries(physicalNames).flatMap(([type, property]) =>
    (byType.get(type) ?? []).flatMap((resource): [string, Resource][] => {
      const name = resource.properties[property];
      return typeof name === 'string' ? [[name, resource]] : [];
    }),
  );
}

/** The parts of an ARN, queue URL or plain name that can be a physical name. */
function namesIn(value: unknown): string[] {
  const text = textOf(value);
  if (!text.startsWith('arn:')) return [text.slice(text.lastIndexOf('/') + 1)];
  const [, , service, , , ...names] = text.split(':');
  // a broker or a stream may bear the name of a queue
  return service === 'sqs' || service === 'lambda' ? names : [];
}

function sameStage(one: Resource, other: Resource): boolean {
  return Stage.of(one.stack) === Stage.of(other.stack);
}

function memoized<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
