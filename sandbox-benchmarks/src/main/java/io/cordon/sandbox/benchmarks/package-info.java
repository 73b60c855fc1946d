/** Benchmarks of the pure parts, run with {@code mvn -pl sandbox-benchmarks -am verify -Pbenchmarks}. */
@NullMarked
package io.cordon.sandbox.benchmarks;

import org.jspecify.annotations.NullMarked;
