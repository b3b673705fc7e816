/**
 * One untrusted request to one call of LabApi: checks method and arguments against the schemas,
 * calls, and turns every outcome into a reply. The browser host and Electron's engine host share it.
 */
import * as v from 'valibot';
import { unreachable } from '../base/assert.js';
import { LabError } from '../contract/lab-api.js';
import type { LabApiMethod } from '../contract/lab-api.js';
import {
  ARGUMENT_SCHEMAS,
  encodeMessage,
  isLabApiMethod,
  RequestSchema,
  RpcErrorCode,
} from './wire.js';
import type { LabCalls, RpcReply } from './wire.js';

/** Answers `message`, which may be anything. Never rejects. */
export async function answer(api: LabCalls, message: unknown): Promise<RpcReply> {
  const request = v.safeParse(RequestSchema, message);
  if (!request.success) {
    return errorReply(null, RpcErrorCode.invalidRequest, 'not a request of this lab');
  }
  const { id, method, params } = request.output;
  if (!isLabApiMethod(method)) {
    return errorReply(id, RpcErrorCode.unknownMethod, 'there is no such call');
  }
  const problem = argumentProblem(method, params);
  if (problem !== null) {
    return errorReply(id, RpcErrorCode.invalidArguments, `${method}: ${problem}`);
  }
  try {
    return { jsonrpc: '2.0', id, result: await callLab(api, method, params) };
  } catch (error) {
    if (error instanceof LabError) return errorReply(id, RpcErrorCode.lab, error.message);
    const message = error instanceof Error ? error.message : String(error);
    return errorReply(id, RpcErrorCode.internal, message);
  }
}

/** A lab that has the answer to a call as JSON before it has it as a value. */
export interface TextAnswers {
  /** Null: ask `firstRun`. */
  firstRunText(): Promise<string | null>;
}

/** As `answer`, in the text form of the line. Never rejects. */
export async function answerText(
  api: LabCalls & Partial<TextAnswers>,
  message: unknown,
): Promise<string> {
  const request = v.safeParse(RequestSchema, message);
  if (
    request.success &&
    request.output.method === 'firstRun' &&
    request.output.params.length === 0
  ) {
    const text = await api.firstRunText?.().catch(() => null);
    if (text != null) return `{"jsonrpc":"2.0","id":${String(request.output.id)},"result":${text}}`;
  }
  return encodeMessage(await answer(api, message));
}

/** What is wrong with the arguments, or null. */
export function argumentProblem(method: LabApiMethod, args: readonly unknown[]): string | null {
  const checked = v.safeParse(ARGUMENT_SCHEMAS[method], args);
  return checked.success ? null : checked.issues[0].message;
}

function callLab(api: LabCalls, method: LabApiMethod, args: readonly unknown[]): Promise<unknown> {
  switch (method) {
    case 'describe':
      return api.describe();
    case 'listScenarios':
      return api.listScenarios();
    case 'openScenario':
      return api.openScenario(...v.parse(ARGUMENT_SCHEMAS.openScenario, args));
    case 'saveScenario':
      return api.saveScenario(...v.parse(ARGUMENT_SCHEMAS.saveScenario, args));
    case 'check':
      return api.check(...v.parse(ARGUMENT_SCHEMAS.check, args));
    case 'run':
      return api.run(...v.parse(ARGUMENT_SCHEMAS.run, args));
    case 'namePlugin':
      return api.namePlugin(...v.parse(ARGUMENT_SCHEMAS.namePlugin, args));
    case 'cancel':
      return api.cancel(...v.parse(ARGUMENT_SCHEMAS.cancel, args));
    case 'report':
      return api.report(...v.parse(ARGUMENT_SCHEMAS.report, args));
    case 'previewReport':
      return api.previewReport(...v.parse(ARGUMENT_SCHEMAS.previewReport, args));
    case 'chart':
      return api.chart(...v.parse(ARGUMENT_SCHEMAS.chart, args));
    case 'language':
      return api.language(...v.parse(ARGUMENT_SCHEMAS.language, args));
    case 'adopt':
      return api.adopt(...v.parse(ARGUMENT_SCHEMAS.adopt, args));
    case 'compare':
      return api.compare(...v.parse(ARGUMENT_SCHEMAS.compare, args));
    case 'mergeShares':
      return api.mergeShares(...v.parse(ARGUMENT_SCHEMAS.mergeShares, args));
    case 'bundleInputs':
      return api.bundleInputs(...v.parse(ARGUMENT_SCHEMAS.bundleInputs, args));
    case 'openBundle':
      return api.openBundle(...v.parse(ARGUMENT_SCHEMAS.openBundle, args));
    case 'takeOverBundle':
      return api.takeOverBundle(...v.parse(ARGUMENT_SCHEMAS.takeOverBundle, args));
    case 'firstRun':
      return api.firstRun();
    case 'openMap':
      return api.openMap(...v.parse(ARGUMENT_SCHEMAS.openMap, args));
    case 'mapAt':
      return api.mapAt(...v.parse(ARGUMENT_SCHEMAS.mapAt, args));
    case 'mapPlace':
      return api.mapPlace(...v.parse(ARGUMENT_SCHEMAS.mapPlace, args));
    case 'mapRecords':
      return api.mapRecords(...v.parse(ARGUMENT_SCHEMAS.mapRecords, args));
    case 'openTlb':
      return api.openTlb(...v.parse(ARGUMENT_SCHEMAS.openTlb, args));
    case 'tlbAt':
      return api.tlbAt(...v.parse(ARGUMENT_SCHEMAS.tlbAt, args));
    case 'mapPool':
      return api.mapPool(...v.parse(ARGUMENT_SCHEMAS.mapPool, args));
    case 'tlbExecuted':
      return api.tlbExecuted(...v.parse(ARGUMENT_SCHEMAS.tlbExecuted, args));
    default:
      return unreachable(method);
  }
}

function errorReply(id: number | null, code: number, message: string): RpcReply {
  return { jsonrpc: '2.0', id, error: { code, message } };
}
