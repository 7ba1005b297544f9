import { findSystemPolicy } from '../domain/policies/system-policies.ts';

/** A policy's name says whose it is: those that come with the product have names of their own. */
export const policyTypeOf = (policyName: string): 'system' | 'custom' =>
  findSystemPolicy(policyName) === undefined ? 'custom' : 'system';
