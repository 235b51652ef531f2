// What is asked in practice, and what an answer shows that its author forgot.

const ENOUGH = 5e-4; // of a number: four digits are enough

/** The questions of a step, in order: {what, hint, answer, slips: [{number, why}]}. */
function questionsOf(walk, index) {
  const step = walk.steps[index];
  if (step.kind === "value") return walk.isFolded(step.shape) ? [] : [valueQuestion(walk, step)];
  if (step.kind !== "edge" || walk.arrows[step.arrow].count > 1) return [];
  return edgeQuestions(walk, index, step.arrow);
}

function valueQuestion(walk, { shape }) {
  const record = nodeAt(walk.shapes[shape].node);
  const answer = real(record.data);
  const operands = record.operands.map(({ node, value }) => ({
    name: node === undefined ? "a number" : nameOf(node),
    number: real(node === undefined ? value : nodeAt(node).data),
  }));
  const before = operands.length === 1 ? operands : [];
  return {
    what: `${record.name} = ?`,
    hint: record.formulas.slice(0, record.lasting).at(-1) ?? `${record.symbol}: ${record.meaning}`,
    answer,
    slips: [
      { number: -answer, why: "The sign is wrong." },
      ...before.map(({ name, number }) => ({
        number,
        why: `That is ${name}: ${record.op} is still to be applied to it.`,
      })),
      ...without(operands.map(({ number }) => number), answer),
    ],
  };
}

/** A sum of which a term was forgotten. */
function without(numbers, answer) {
  return numbers.map((number) => ({
    number: answer - number,
    why: `A term is missing: ${nine(number)}.`,
  }));
}

function edgeQuestions(walk, index, arrow) {
  const { tail, edges: [edge] } = walk.arrows[arrow];
  const [from, to] = endsOf(edge);
  const [upstream, local] = [real(edge.upstream), real(edge.local)];
  const record = nodeAt(edge.node);
  const own = real(nodeAt(edge.operand).data);
  const contribution = upstream * local;
  const localQuestion = {
    what: `∂${from}/∂${to} = ?`,
    hint: `the local derivative of ${record.formulas.slice(0, record.lasting).at(-1) ?? record.op}`,
    answer: local,
    slips: [
      { number: -local, why: "The sign is wrong." },
      { number: real(record.data), why: `That is the value of ${from} and not its derivative.` },
      { number: own, why: `That is ${to} itself; take the derivative by it.` },
      { number: contribution, why: "That is upstream times local already; here only the local one." },
    ],
  };
  const contributionQuestion = {
    what: `What comes through this edge to ${gradientSymbol(to)}?`,
    hint: `${gradientSymbol(from)} = ${nine(upstream)} is upstream, ∂${from}/∂${to} = ${nine(local)}`,
    answer: contribution,
    slips: [
      { number: -contribution, why: "The sign is wrong." },
      { number: local, why: "You forgot upstream: multiply by the gradient that arrives." },
      { number: upstream, why: "You forgot the local derivative: multiply by it." },
      { number: upstream + local, why: "Along an edge one multiplies; only paths are added." },
      ...skipped(edge.node, local),
    ],
  };
  return [localQuestion, contributionQuestion, ...sumQuestion(walk, index, tail, to)];
}

/** Contributions without the derivative of what follows a node, such as an activation. */
function skipped(place, local) {
  return (USERS.get(place) ?? []).map((user) => ({
    number: real(nodeAt(user.node).grad ?? 0) * local,
    why: `You forgot the derivative of ${nameOf(user.node)}: its ${nodeAt(user.node).op} lies between.`,
  }));
}

/** The sum of several contributions, once the last of them is there. */
function sumQuestion(walk, index, tail, to) {
  const all = walk.arrivals[walk.home(tail)];
  if (all.length < 2 || all.at(-1).step !== index) return [];
  const answer = all.at(-1).sum;
  const amounts = all.map(({ amount }) => amount);
  return [{
    what: `${gradientSymbol(to)} = ?`,
    hint: `${counted(amounts.length, "contribution")}: ${amounts.slice(0, -1).map(nine).join(", ")} and the one you just found`,
    answer,
    slips: [
      { number: -answer, why: "The sign is wrong." },
      ...amounts.map((number) => ({
        number,
        why: `You forgot the other ${amounts.length === 2 ? "path" : "paths"}: that is one contribution alone.`,
      })),
      ...amounts.map((number) => ({
        number: answer - number,
        why: "You forgot a path: one contribution is missing.",
      })),
      { number: amounts.reduce((x, y) => x * y), why: "Paths are added and not multiplied." },
    ],
  }];
}

/** Whether an answer has four digits right. */
function isRight(given, answer) {
  if (Number.isNaN(answer)) return Number.isNaN(given);
  return given === answer || Math.abs(given - answer) <= ENOUGH * Math.abs(answer);
}

/** What an answer says about its author. */
function judged(given, { answer, slips }) {
  if (isRight(given, answer)) return null;
  const slip = slips.find(({ number }) => number !== 0 && isRight(given, number) && !isRight(number, answer));
  if (slip) return slip.why;
  const close = Math.abs(given - answer) <= 0.02 * Math.abs(answer);
  return close ? "Nearly: give four digits." : "Not yet.";
}
