import { z } from 'zod';
import { policyDocumentField } from '../../domain/policies/policy-document-field.ts';
import type { PolicyDocument } from '../../domain/policies/policy-document.ts';

/** A document in an answer: as it was written, and described like one that is asked for. */
export const policyDocumentBody = z.custom<PolicyDocument>().meta({ ...policyDocumentField.meta() });
