package io.plumbline.reference.openai;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A request's body that says when it leaves. The client asks for a body once the connection stands
 * and the headers are on their way, so this is the moment at which the request is really sent.
 */
final class SentBody implements BodyPublisher {
  private final byte[] body;
  private final Runnable onSent;

  SentBody(byte[] body, Runnable onSent) {
    this.body = body;
    this.onSent = onSent;
  }

  @Override
  public long contentLength() {
    return body.length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> client) {
    BodyPublishers.ofByteArray(body)
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                client.onSubscribe(subscription);
              }

              @Override
              public void onNext(ByteBuffer bytes) {
                onSent.run();
                client.onNext(bytes);
              }

              @Override
              public void onError(Throwable failure) {
                client.onError(failure);
              }

              @Override
              public void onComplete() {
                client.onComplete();
              }
            });
  }
}
