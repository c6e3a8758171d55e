package com.huawei.services.runtime.entity;

import java.lang.reflect.Array;
import java.lang.reflect.Field;

/**
 * What events have in common: they can be printed. Their fields are named as in JSON, so that any
 * library can read them.
 */
public abstract class Entity {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(getClass().getSimpleName()).append('{');
    String separator = "";
    for (Field field : getClass().getDeclaredFields()) {
      if (field.isSynthetic()) {
        continue;
      }
      text.append(separator).append(field.getName()).append('=');
      append(text, valueOf(field));
      separator = ", ";
    }
    return text.append('}').toString();
  }

  private Object valueOf(Field field) {
    try {
      field.setAccessible(true);
      return field.get(this);
    } catch (IllegalAccessException closed) {
      return "?";
    }
  }

  private static void append(StringBuilder text, Object value) {
    if (value == null || !value.getClass().isArray()) {
      text.append(value);
      return;
    }
    text.append('[');
    for (int i = 0; i < Array.getLength(value); i++) {
      text.append(i == 0 ? "" : ", ").append(Array.get(value, i));
    }
    text.append(']');
  }
}
