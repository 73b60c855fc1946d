/**
 * The contract of a sandbox backend as tests: who writes a backend extends {@link
 * io.cordon.sandbox.testkit.contract.SandboxBackendContract}, and JUnit runs the rules. {@code docs/contract.md} is their
 * text.
 */
@NullMarked
package io.cordon.sandbox.testkit.contract;

import org.jspecify.annotations.NullMarked;
