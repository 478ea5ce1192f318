/** A rule needs a value that nobody knows before deployment: a CloudFormation parameter, an import, a condition. */
export class UnknownAtSynthError extends Error {
  override readonly name = 'UnknownAtSynthError';
  readonly path: string;
  readonly property: string;
  readonly value: unknown;

  constructor(path: string, property: string, value: unknown) {
    const given = value === undefined ? 'it is not set' : `it is ${JSON.stringify(value)}`;
    super(`${property} of ${path} is not known at synth: ${given}`);
    this.path = path;
    this.property = property;
    this.value = value;
  }
}
