import { type SagaStep, sagaSteps } from '../../lambdas/shared/saga/saga-steps.ts';

/** Each step, and along which events one follows another; dotted, what makes up for what. The step that only notes is left out. */
export function sagaDiagram(steps: readonly SagaStep[] = sagaSteps): string[] {
  const drawn = steps.filter(({ step }) => step !== 'note');
  const id = (step: string): string => step.replaceAll(' ', '-');
  return [
    'flowchart TD',
    ...drawn.map(({ step, by, does }) => `    ${id(step)}["${step} (${by}): ${does}"]`),
    ...drawn.flatMap((one) =>
      one.tells.flatMap((event) =>
        drawn
          .filter(({ on }) => on.includes(event))
          .map((next) => `    ${id(one.step)} -->|${event}| ${id(next.step)}`),
      ),
    ),
    ...drawn.flatMap(({ step, undoneBy = [] }) => undoneBy.map((undo) => `    ${id(undo)} -.->|undoes| ${id(step)}`)),
  ];
}
