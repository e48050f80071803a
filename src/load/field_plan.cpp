#include "load/gdal_layer.hpp"

namespace yaan {

namespace {

bool plan_field(const OGRFieldDefn& field, FieldPlan::Take& take) {
  using Take = FieldPlan::Take;
  switch (field.GetType()) {
    case OFTInteger:
    case OFTInteger64: take = Take::integer; return true;
    case OFTReal: take = Take::real; return true;
    case OFTString: take = Take::text; return true;
    case OFTDate: take = Take::date; return true;
    case OFTTime: take = Take::time; return true;
    case OFTDateTime: take = Take::date_time; return true;
    case OFTStringList: take = Take::text_list; return true;
    case OFTIntegerList:
    case OFTInteger64List: take = Take::integer_list; return true;
    case OFTRealList: take = Take::real_list; return true;
    default: return false;
  }
}

ColumnType column_type(FieldPlan::Take take) {
  using Take = FieldPlan::Take;
  switch (take) {
    case Take::integer: return ColumnType::integer;
    case Take::real: return ColumnType::real;
    case Take::date: return ColumnType::date;
    case Take::text_list: return ColumnType::text_list;
    case Take::integer_list: return ColumnType::integer_list;
    case Take::real_list: return ColumnType::real_list;
    case Take::text:
    case Take::time:
    case Take::date_time: return ColumnType::text;
  }
  return ColumnType::text;
}

}  // namespace

std::vector<FieldPlan> plan_columns(OGRLayer& layer, bool with_fid, RawLayer& raw) {
  std::vector<FieldPlan> plan;
  std::vector<std::string> names;
  if (with_fid) names.emplace_back(layer.GetFIDColumn());
  const OGRFeatureDefn& definition = *layer.GetLayerDefn();
  for (int i = 0; i < definition.GetFieldCount(); ++i) {
    FieldPlan field{i, FieldPlan::Take::text};
    if (plan_field(*definition.GetFieldDefn(i), field.take)) {
      plan.push_back(field);
      names.emplace_back(definition.GetFieldDefn(i)->GetNameRef());
    } else {
      raw.diagnostics.add(Severity::note, "binary-column", raw.where, "columns of binary data were left out", 1,
                          definition.GetFieldDefn(i)->GetNameRef());
    }
  }
  names = usable_names(std::move(names), raw.where, raw.diagnostics);
  std::size_t at = 0;
  if (with_fid) raw.columns.emplace_back(names[at++], ColumnType::integer);
  for (const FieldPlan& field : plan) raw.columns.emplace_back(names[at++], column_type(field.take));
  return plan;
}

}  // namespace yaan
