package io.cordon.sandbox.linux;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Stands before real calls, so that a test lets any of them fail. */
final class CallProxy {
    private CallProxy() {}

    /** What a test does with a call. */
    interface Interceptor {
        /** To be called before; what it throws is thrown. */
        void before(Method method) throws Exception;

        /** What is returned instead of the result. */
        default @Nullable Object result(@Nullable Object real) {
            return real;
        }
    }

    static <T> T before(Class<T> type, T real, Interceptor interceptor) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    interceptor.before(method);
                    try {
                        return interceptor.result(method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
