package io.cordon.sandbox;

/** The part of a test that runs under special circumstances. */
@FunctionalInterface
interface TestBody {
    void run() throws Exception;
}
