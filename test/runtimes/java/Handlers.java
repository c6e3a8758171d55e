package demo;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.entity.apig.APIGTriggerEvent;
import com.huawei.services.runtime.entity.apig.APIGTriggerResponse;
import com.huawei.services.runtime.entity.cts.CTSTriggerEvent;
import com.huawei.services.runtime.entity.dds.DDSTriggerEvent;
import com.huawei.services.runtime.entity.dis.DISTriggerEvent;
import com.huawei.services.runtime.entity.eventgrid.EventGridTriggerEvent;
import com.huawei.services.runtime.entity.kafka.KafkaTriggerEvent;
import com.huawei.services.runtime.entity.lts.LTSTriggerEvent;
import com.huawei.services.runtime.entity.obs.ObsTriggerEvent;
import com.huawei.services.runtime.entity.smn.SMNTriggerEvent;
import com.huawei.services.runtime.entity.timer.TimerTriggerEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Handlers of every form, and some that misbehave. */
public class Handlers {
  public static class Person {
    @SerializedName("full_name")
    String name;

    int age;
    List<Map<String, Integer>> scores;
  }

  private static final Object LOCK = new Object();
  private static volatile boolean well = true;

  public String text(String event, Context context) {
    return event;
  }

  public String json(JsonObject event, Context context) {
    return event.get("a").getAsString()
        + (event.getClass().getClassLoader() == getClass().getClassLoader());
  }

  public Map<String, Object> person(Person event, Context context) {
    Map<String, Object> result = new HashMap<>();
    result.put("person", event);
    result.put("first", event.scores.get(0).get("math") + 1);
    return result;
  }

  public int sum(List<Integer> event) {
    int sum = 0;
    for (int one : event) {
      sum += one;
    }
    return sum;
  }

  public static String plain() {
    return "static";
  }

  public String only(Context context) {
    return context.getFunctionName();
  }

  public String other(String event, com.opentelekomcloud.services.runtime.Context context) {
    context.getLogger().info("other");
    return context.getFunctionName();
  }

  String hidden(String event, Context context) {
    return event;
  }

  public Object anonymous(Object event, Context context) {
    return new HashMap<String, Object>() {
      {
        put("a", 1);
      }
    };
  }

  public APIGTriggerResponse http(APIGTriggerEvent event, Context context) {
    APIGTriggerResponse response = new APIGTriggerResponse(201, null, event.getRawBody());
    response.addHeader("X-Stage", event.getRequestContext().getStage());
    return response;
  }

  public String smn(SMNTriggerEvent event, Context context) {
    return event.getRecord()[0].getSmn().getMessage()
        + event.getRecord()[0].getSmn().getTimeStamp();
  }

  public String dis(DISTriggerEvent event, Context context) {
    return event.getStreamName() + event.getMessage().getRecords()[0].getRawData();
  }

  public String lts(LTSTriggerEvent event, Context context) {
    return event.getLts().getRawData();
  }

  public String timer(TimerTriggerEvent event, Context context) {
    return event.toString();
  }

  public String kafka(KafkaTriggerEvent event, Context context) {
    return event.toString();
  }

  public String cts(CTSTriggerEvent event, Context context) {
    return event.getCts().getTraceName()
        + event.getCts().getCode()
        + event.getCts().getUser().getDomain().getName();
  }

  public String dds(DDSTriggerEvent event, Context context) {
    return event.getRecords()[0].getDds().getNs();
  }

  public String obs(ObsTriggerEvent event, Context context) {
    return event.getBucketName() + "/" + event.getObjectKey() + " " + event.getEventName();
  }

  public Object grid(EventGridTriggerEvent event, Context context) {
    return event.getData().get("eventName");
  }

  public int endless(Object event, Context context) {
    return endless(event, context) + 1;
  }

  public void noMemory(Object event, Context context) {
    throw new OutOfMemoryError("Java heap space");
  }

  public String interrupted(Object event, Context context) {
    boolean before = Thread.currentThread().isInterrupted();
    Thread.currentThread().interrupt();
    return String.valueOf(before);
  }

  /** Leaves a thread behind that never ends. */
  public String thread(Object event, Context context) throws InterruptedException {
    CountDownLatch printed = new CountDownLatch(1);
    new Thread(
            () -> {
              System.out.println("thread of " + event);
              printed.countDown();
              while (true) {
                Thread.yield();
              }
            })
        .start();
    printed.await();
    return "left";
  }

  public String caused(Object event, Context context) {
    try {
      throw new IllegalStateException("inner");
    } catch (IllegalStateException inner) {
      throw new RuntimeException("outer", inner);
    }
  }

  public String loader(Object event, Context context) throws Exception {
    ClassLoader own = getClass().getClassLoader();
    return (Thread.currentThread().getContextClassLoader() == own)
        + " "
        + sees("fungraph.runtime.Instance");
  }

  private static boolean sees(String name) {
    try {
      Class.forName(name);
      return true;
    } catch (ClassNotFoundException hidden) {
      return false;
    }
  }

  public String written(Object event, Context context) {
    return new Gson().toJson(context);
  }

  /** What must differ between instances that share an archive of classes. */
  public List<String> chance(Object event, Context context) {
    List<String> values = new ArrayList<>();
    values.add(UUID.randomUUID().toString());
    values.add(String.valueOf(new Random().nextLong()));
    values.add(String.valueOf(Math.random()));
    return values;
  }

  public String sick(String event, Context context) {
    well = false;
    return "sick";
  }

  /** Holds what the heartbeat method needs, for as many milliseconds as the event says. */
  public String hold(int event, Context context) throws InterruptedException {
    synchronized (LOCK) {
      Thread.sleep(event);
    }
    return "held";
  }

  public boolean heartbeat() {
    synchronized (LOCK) {
      return well;
    }
  }

  public String heartbeatText() {
    return "yes";
  }
}

interface Handler<I, O> {
  O handleRequest(I event, Context context);
}

abstract class Base<T> {
  public String described(T event, Context context) {
    return event.getClass().getSimpleName() + event;
  }
}
